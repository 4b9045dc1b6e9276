using System.Text.Json;
using AiPlatform.Core.Access;
using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>
/// Decides whether a JWT is a good access token for this server (RFC 9068): type, algorithm, issuer, key, signature, audience and times. Only keys fetched from
/// the configured issuer count: <c>jku</c>, <c>x5u</c> and <c>jwk</c> of a token are not even read. Thread-safe.
/// </summary>
internal sealed class TokenVerifier(TrustedIssuers issuers, VerifiedTokens verified, OAuthResource resource, IOptions<OAuthOptions> options, TimeProvider time)
{
    private const int MaxKeyIdLength = 256;

    // Seconds that DateTimeOffset can hold, with room for the clocks' difference.
    private const double LatestSecond = 253_402_000_000;

    private readonly TimeSpan _skew = TimeSpan.FromSeconds(options.Value.ClockSkewSeconds);
    private readonly PermissionCeiling _unsaid = PermissionCeiling.Of(resource.DefaultScopes);

    public async ValueTask<TokenCheck> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        if (token.Length > TokenParts.MaxLength)
        {
            return TokenFault.Malformed;
        }

        var digest = VerifiedTokens.DigestOf(token);
        if (verified.Find(digest) is { } known && issuers.Find(known.Issuer) is { } same && same.Keys.IsCurrent(known.Keys))
        {
            return new TokenCheck(known, TokenFault.None);
        }

        var now = time.GetUtcNow();
        var check = await CheckAsync(token, now, cancellationToken);
        if (check.Token is { } good)
        {
            verified.Keep(digest, good, now);
        }

        return check;
    }

    private async ValueTask<TokenCheck> CheckAsync(string token, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (TokenParts.Read(token) is not { } parts)
        {
            return TokenFault.Malformed;
        }

        if (!IsAccessToken(parts.Header) || TokenParts.Text(parts.Header, "kid") is not { Length: > 0 and <= MaxKeyIdLength } kid)
        {
            return TokenFault.Header;
        }

        if (issuers.Find(TokenParts.Text(parts.Claims, "iss")) is not { } issuer)
        {
            return TokenFault.Issuer;
        }

        if (TokenParts.Text(parts.Header, "alg") is not { } algorithm || !issuer.Algorithms.Contains(algorithm))
        {
            return TokenFault.Algorithm;
        }

        var (key, keys) = await issuer.Keys.FindAsync(kid, cancellationToken);
        if (keys is null)
        {
            return TokenFault.KeysUnavailable;
        }

        if (key is null)
        {
            return TokenFault.UnknownKey;
        }

        // Nothing below is looked at before the signature is right.
        return key.Verify(algorithm, parts.Signed, parts.Signature) ? Judge(parts.Claims, issuer, keys, now) : TokenFault.Signature;
    }

    private TokenCheck Judge(JsonElement claims, TrustedIssuer issuer, SigningKeySet keys, DateTimeOffset now)
    {
        if (!IsFor(claims, issuer))
        {
            return TokenFault.Audience;
        }

        if (!Moment(claims, "exp", out var expires) || expires is not { } end || now >= end + _skew)
        {
            return TokenFault.Expired;
        }

        if (!Moment(claims, "nbf", out var begins) || !Moment(claims, "iat", out var issued) || now < begins - _skew || now < issued - _skew)
        {
            return TokenFault.NotYetValid;
        }

        return CeilingOf(claims) is { } ceiling
            ? new TokenCheck(new VerifiedToken(issuer.Name, claims, (begins ?? issued ?? now) - _skew, end + _skew, ceiling, keys), TokenFault.None)
            : TokenFault.Claims;
    }

    /// <summary>An access token by its type (RFC 9068), a plain JWT, or without a type, as some issuers leave it out. What only an unknown extension explains is refused.</summary>
    private static bool IsAccessToken(JsonElement header)
    {
        if (header.TryGetProperty("crit"u8, out _))
        {
            return false;
        }

        if (!header.TryGetProperty("typ"u8, out var type))
        {
            return true;
        }

        var name = type.ValueKind == JsonValueKind.String ? type.GetString()! : "";
        return name.ToUpperInvariant() is "JWT" or "AT+JWT" or "APPLICATION/AT+JWT";
    }

    private static bool IsFor(JsonElement claims, TrustedIssuer issuer) =>
        claims.TryGetProperty("aud"u8, out var audience) && audience.ValueKind switch
        {
            JsonValueKind.String => issuer.Audiences.Contains(audience.GetString()!),
            JsonValueKind.Array => audience.EnumerateArray().Any(a => a.ValueKind == JsonValueKind.String && issuer.Audiences.Contains(a.GetString()!)),
            _ => false,
        };

    /// <summary>False when the claim is there and is no moment; the moment is null when it is not there.</summary>
    private static bool Moment(JsonElement claims, string name, out DateTimeOffset? moment)
    {
        moment = null;
        if (!claims.TryGetProperty(name, out var value))
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds) || seconds is not (>= 0 and <= LatestSecond))
        {
            return false;
        }

        moment = DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000));
        return true;
    }

    /// <summary>The scopes of the token; those of the configuration when it has no scope claim at all. Null when the claim cannot be read.</summary>
    private PermissionCeiling? CeilingOf(JsonElement claims)
    {
        if (!claims.TryGetProperty("scope"u8, out var scope) && !claims.TryGetProperty("scp"u8, out scope))
        {
            return _unsaid;
        }

        string[]? names = scope.ValueKind switch
        {
            JsonValueKind.String => OAuthResource.Split(scope.GetString()!),
            JsonValueKind.Array when scope.EnumerateArray().All(s => s.ValueKind == JsonValueKind.String) => [.. scope.EnumerateArray().Select(s => s.GetString()!)],
            _ => null,
        };
        return names is not null && names.Distinct(StringComparer.Ordinal).Count(PermissionCeiling.IsName) <= PermissionCeiling.MaxNames ? PermissionCeiling.Of(names) : null;
    }
}
