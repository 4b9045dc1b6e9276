using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>Turns an access token into a caller. Every request asks the policy anew: a mapping that is taken back works no more at the next request.</summary>
internal sealed class TokenAuthentication(
    TokenVerifier verifier, OAuthResource resource, IAccessPolicySource policies, AccessScope.Issuer issuer, CallerAdmission admission, ILogger<TokenAuthentication> logger)
{
    /// <summary>Whether any issuer is trusted; without one a token is nothing but a wrong key.</summary>
    public bool IsOn => resource.IsOn;

    /// <summary>Verifies the token, counts the request against its subject, and only then judges the group context.</summary>
    /// <param name="token">The token.</param>
    /// <param name="groups">Groups the caller narrows itself to; null for all of its own.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<AuthenticationOutcome> AuthenticateAsync(string token, string[]? groups, CancellationToken cancellationToken)
    {
        var (identity, fault) = await IdentifyAsync(token, cancellationToken);
        if (identity is not null)
        {
            return admission.Admit(identity, groups, async again => (await IdentifyAsync(token, again)).Identity);
        }

        Log.TokenRefused(logger, fault);
        return fault == TokenFault.KeysUnavailable ? AuthenticationOutcome.IssuerUnavailable : AuthenticationOutcome.TokenInvalid;
    }

    private async ValueTask<(Identity? Identity, TokenFault Fault)> IdentifyAsync(string token, CancellationToken cancellationToken)
    {
        var check = await verifier.VerifyAsync(token, cancellationToken);
        if (check.Token is null)
        {
            return (null, check.Fault);
        }

        var reading = check.Token.Under(policies.Current, Compile);
        return reading.Identity is { } identity ? (identity, TokenFault.None) : (null, TokenFault.Claims);
    }

    private Reading Compile(VerifiedToken token, AccessPolicy policy)
    {
        if (ClaimReader.Read(token, policy) is not { } facts)
        {
            return new Reading(null);
        }

        // Compiled at the first use and kept: compiling hashes the whole policy part of the caller.
        Caller? whole = null;
        return new Reading(new Identity(facts, () => whole ??= new Caller(facts.Subject, facts.Subject, issuer.Issue(facts))));
    }

    private sealed record Reading(Identity? Identity);
}
