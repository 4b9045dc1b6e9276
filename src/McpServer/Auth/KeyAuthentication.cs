using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth;

/// <summary>Turns an API key into a caller. Every request is authenticated anew: a revoked key stops working at its next request.</summary>
internal sealed class KeyAuthentication(IApiKeyStore keys, ScopeMemory scopes, CallerAdmission admission)
{
    /// <summary>
    /// Verifies the key, counts the request against it, and only then judges the group context: a refused override costs a request, too.
    /// </summary>
    public async ValueTask<AuthenticationOutcome> AuthenticateAsync(IHeaderDictionary headers, CancellationToken cancellationToken)
    {
        var presented = PresentedKey.Read(headers);
        if (presented is null)
        {
            return AuthenticationOutcome.KeyMissing;
        }

        return presented.Length > 0 && Identify(await keys.AuthenticateAsync(presented, cancellationToken)) is { } identity
            ? admission.Admit(identity, GroupContext.Read(headers), async again => Identify(await keys.RecheckAsync(presented, again)))
            : AuthenticationOutcome.KeyInvalid;
    }

    private Identity? Identify(ApiKeyRecord? found) =>
        found is { } record ? new Identity(ScopeMemory.FactsOf(record), () => scopes.GetOrIssue(record)) : null;
}
