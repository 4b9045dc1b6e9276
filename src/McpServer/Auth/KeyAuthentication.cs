using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth;

/// <summary>Turns the headers of a request into a caller. Every request is authenticated anew: a revoked key stops working at its next request.</summary>
internal sealed class KeyAuthentication(IApiKeyStore keys, AccessScope.Issuer issuer, ScopeMemory scopes, KeyRateLimiter limiter)
{
    /// <summary>Names groups, comma separated, that the caller narrows itself to.</summary>
    public const string GroupContextHeader = "X-Group-Context";

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

        if (presented.Length == 0 || await keys.AuthenticateAsync(presented, cancellationToken) is not { } record)
        {
            return AuthenticationOutcome.KeyInvalid;
        }

        RateDecision? rate = null;
        try
        {
            var whole = scopes.GetOrIssue(record);
            rate = limiter.Take(record.Id, whole.Scope.Tier);
            return rate.Value.Allowed
                ? AuthenticationOutcome.Accepted(CallerOf(record, whole, headers)) with { Rate = rate }
                : AuthenticationOutcome.TooMany with { Rate = rate };
        }
        catch (AccessRefusedException refused)
        {
            // A key with too many groups has no tier: it is counted by the narrowest.
            rate ??= limiter.Take(record.Id, TierPolicy.Free);
            return (rate.Value.Allowed ? AuthenticationOutcome.Refused(refused.Code, refused.Message) : AuthenticationOutcome.TooMany) with { Rate = rate };
        }
    }

    private Caller CallerOf(ApiKeyRecord record, Caller whole, IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(GroupContextHeader, out var context))
        {
            return whole;
        }

        // A header that is present narrows even when it is empty: it then names nothing and is refused.
        var groups = context.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new Caller(record.Id, record.Name, issuer.Issue(ScopeMemory.FactsOf(record), groups));
    }
}
