using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth;

/// <summary>Turns an API key into a caller. Every request is authenticated anew: a revoked key stops working at its next request.</summary>
internal sealed class KeyAuthentication(IApiKeyStore keys, ScopeMemory scopes, CallerAdmission admission)
{
    /// <summary>
    /// Verifies the key, counts the request against it, and only then judges the group context: a refused override costs a request, too.
    /// </summary>
    /// <param name="presented">The key.</param>
    /// <param name="groups">Groups the caller narrows itself to; null for all of its own.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<AuthenticationOutcome> AuthenticateAsync(string presented, string[]? groups, CancellationToken cancellationToken) =>
        Identify(await keys.AuthenticateAsync(presented, cancellationToken)) is { } identity
            ? admission.Admit(identity, groups, async again => Identify(await keys.RecheckAsync(presented, again)))
            : AuthenticationOutcome.KeyInvalid;

    private Identity? Identify(ApiKeyRecord? found) =>
        found is { } record ? new Identity(ScopeMemory.FactsOf(record), () => scopes.GetOrIssue(record)) : null;
}
