using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth;

/// <summary>What follows once it is known who asks, by key or token alike: the limits of its tier, and what it narrows itself to.</summary>
internal sealed class CallerAdmission(AccessScope.Issuer issuer, CallerRateLimiter limiter)
{
    /// <summary>Counts the request, and only then judges the group context: a refused override costs a request, too.</summary>
    /// <param name="identity">Who asks.</param>
    /// <param name="groups">Groups the caller narrows itself to; null for all of its own.</param>
    /// <param name="again">Authenticates what was presented once more; null when it is no longer good.</param>
    public AuthenticationOutcome Admit(Identity identity, string[]? groups, Func<CancellationToken, ValueTask<Identity?>> again)
    {
        RateDecision? rate = null;
        try
        {
            var whole = identity.Whole();
            rate = limiter.Take(identity.Facts.Subject, whole.Scope.Tier);
            return rate.Value.Allowed
                ? AuthenticationOutcome.Accepted(CallerOf(identity, whole, groups, again, issuer.Issue)) with { Rate = rate }
                : AuthenticationOutcome.TooMany with { Rate = rate, Subject = identity.Facts.Subject };
        }
        catch (AccessRefusedException refused)
        {
            // A caller with too many groups has no tier: it is counted by the narrowest.
            rate ??= limiter.Take(identity.Facts.Subject, TierPolicy.Free);
            return (rate.Value.Allowed ? AuthenticationOutcome.Refused(refused.Code, refused.Message) : AuthenticationOutcome.TooMany) with { Rate = rate, Subject = identity.Facts.Subject };
        }
    }

    private Caller CallerOf(
        Identity identity, Caller whole, string[]? groups, Func<CancellationToken, ValueTask<Identity?>> again, Func<CallerFacts, string[], AccessScope> narrow)
    {
        var caller = groups is null ? whole : new Caller(whole.Subject, whole.Name, narrow(identity.Facts, groups));
        Caller renewable = null!;
        renewable = caller with
        {
            Renewal = new CallerRenewal(cancellationToken => RenewAsync(renewable, whole, groups, again, cancellationToken)),
            StepUp = identity.Facts.Ceiling is null ? null : new StepUp(issuer, identity.Facts with { Groups = caller.Scope.Groups }),
        };
        return renewable;
    }

    private async ValueTask<Caller?> RenewAsync(Caller caller, Caller whole, string[]? groups, Func<CancellationToken, ValueTask<Identity?>> again, CancellationToken cancellationToken)
    {
        try
        {
            if (await again(cancellationToken) is not { } identity || identity.Facts.Subject != caller.Subject)
            {
                return null;
            }

            var now = identity.Whole();
            return IsUnchanged(whole, now) ? caller : CallerOf(identity, now, groups, again, issuer.Renew);
        }
        catch (AccessRefusedException)
        {
            return null;
        }
    }

    /// <summary>Whether the caller stands as before. What is remembered of it is made anew now and then, so the objects may differ.</summary>
    private static bool IsUnchanged(Caller before, Caller now) =>
        ReferenceEquals(before, now)
        || (before.Scope.Fingerprint == now.Scope.Fingerprint && before.Scope.FactsExpireAt == now.Scope.FactsExpireAt && before.Name == now.Name);
}
