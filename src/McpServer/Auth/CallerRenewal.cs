namespace AiPlatform.McpServer.Auth;

/// <summary>
/// Asks again who a caller is, for what outlives one request, such as a stream of notifications. Holds what was presented, so it must never be
/// stored beyond that stream or written anywhere. Thread-safe.
/// </summary>
/// <param name="again">Authenticates what was presented without counting a request.</param>
internal sealed class CallerRenewal(Func<CancellationToken, ValueTask<Caller?>> again)
{
    /// <summary>
    /// The caller with the rights it has now; the same object while nothing has changed. Null when it may not go on: the key is revoked, the token
    /// has expired, its issuer is no longer trusted, or the groups it narrowed itself to are no longer its own. Counts no request.
    /// </summary>
    public ValueTask<Caller?> RenewAsync(CancellationToken cancellationToken) => again(cancellationToken);
}
