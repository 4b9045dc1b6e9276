namespace AiPlatform.Core.Access;

/// <summary>
/// Where API keys live. Secrets are stored as a keyed hash only. Thread-safe; every call is one transaction. Making and revoking keys demands a
/// system scope or an administrator with the permission <c>keys: write</c>, listing them <c>keys: read</c>; any other scope is refused with
/// <see cref="AccessRefusedException"/>, audited.
/// </summary>
public interface IApiKeyStore
{
    /// <summary>Makes a key. Its groups are kept in lower case and are not checked against the policy: a group that is unknown gives nothing.</summary>
    /// <param name="scope">An administrator's or a system scope.</param>
    /// <param name="request">The key to make.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ArgumentException">The request has no name or group, names the group <c>everyone</c>, is too large, or expires in the past.</exception>
    ValueTask<IssuedApiKey> CreateAsync(AccessScope scope, NewApiKey request, CancellationToken cancellationToken);

    /// <summary>
    /// The authentication step, and so the one read without a scope: finds the key by its public prefix, compares the keyed hash in
    /// constant time and notes the use. A revocation is effective at once in this process and within a second in others. Null for a malformed, unknown, wrong, expired or revoked key, without telling which; a wrong key costs the same time as a right one.
    /// </summary>
    ValueTask<ApiKeyRecord?> AuthenticateAsync(string presented, CancellationToken cancellationToken);

    /// <summary>As <see cref="AuthenticateAsync"/>, for what goes on without a request, such as a stream of notices: notes no use.</summary>
    ValueTask<ApiKeyRecord?> RecheckAsync(string presented, CancellationToken cancellationToken);

    /// <summary>All keys, newest first.</summary>
    /// <param name="scope">An administrator's or a system scope.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<IReadOnlyList<ApiKeyRecord>> ListAsync(AccessScope scope, CancellationToken cancellationToken);

    /// <summary>Revokes a key by id or prefix. Idempotent: answers the record, whose first revocation time stays; null when there is no such key.</summary>
    /// <param name="scope">An administrator's or a system scope.</param>
    /// <param name="idOrPrefix">Id or public prefix.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<ApiKeyRecord?> RevokeAsync(AccessScope scope, string idOrPrefix, CancellationToken cancellationToken);
}
