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
                ? AuthenticationOutcome.Accepted(CallerOf(record, whole, presented, GroupContext(headers))) with { Rate = rate }
                : AuthenticationOutcome.TooMany with { Rate = rate };
        }
        catch (AccessRefusedException refused)
        {
            // A key with too many groups has no tier: it is counted by the narrowest.
            rate ??= limiter.Take(record.Id, TierPolicy.Free);
            return (rate.Value.Allowed ? AuthenticationOutcome.Refused(refused.Code, refused.Message) : AuthenticationOutcome.TooMany) with { Rate = rate };
        }
    }

    private Caller CallerOf(ApiKeyRecord record, Caller whole, string presented, string[]? groups)
    {
        var caller = groups is null ? whole : new Caller(record.Id, record.Name, issuer.Issue(ScopeMemory.FactsOf(record), groups));
        Caller renewable = null!;
        renewable = caller with { Renewal = new CallerRenewal(cancellationToken => RenewAsync(renewable, whole, presented, groups, cancellationToken)) };
        return renewable;
    }

    private async ValueTask<Caller?> RenewAsync(Caller caller, Caller whole, string presented, string[]? groups, CancellationToken cancellationToken)
    {
        try
        {
            if (await keys.AuthenticateAsync(presented, cancellationToken) is not { } record)
            {
                return null;
            }

            var now = scopes.GetOrIssue(record);
            return ReferenceEquals(now, whole) ? caller : CallerOf(record, now, presented, groups);
        }
        catch (AccessRefusedException)
        {
            return null;
        }
    }

    /// <summary>Null without the header. One that is present narrows even when it is empty: it then names nothing and is refused.</summary>
    private static string[]? GroupContext(IHeaderDictionary headers) => headers.TryGetValue(GroupContextHeader, out var context)
        ? context.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : null;
}
