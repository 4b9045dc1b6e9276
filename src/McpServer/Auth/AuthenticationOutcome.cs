namespace AiPlatform.McpServer.Auth;

/// <summary>Either a caller, or the refusal to answer with.</summary>
/// <param name="Caller">The caller; null when refused.</param>
/// <param name="Status">HTTP status of the refusal: 401, 403, 429 or 503.</param>
/// <param name="Code">Stable snake_case code of the refusal.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal readonly record struct AuthenticationOutcome(Caller? Caller, int Status, string Code, string Message)
{
    public static AuthenticationOutcome Accepted(Caller caller) => new(caller, StatusCodes.Status200OK, "", "");

    /// <summary>What is left of the caller's limits; null when nobody was authenticated.</summary>
    public RateDecision? Rate { get; init; }

    /// <summary>Who was refused; null when nobody was authenticated.</summary>
    public string? Subject { get; init; }

    public static AuthenticationOutcome TooMany { get; } = new(
        null, StatusCodes.Status429TooManyRequests, "rate_limited", "Too many requests for this caller's tier. Wait for the time in Retry-After.");

    public static AuthenticationOutcome TooManyFailures { get; } = new(
        null, StatusCodes.Status429TooManyRequests, "rate_limited", "Too many invalid API keys or tokens from this address. Check the credential, and wait for the time in Retry-After.");

    public static AuthenticationOutcome KeyMissing { get; } = new(
        null, StatusCodes.Status401Unauthorized, "api_key_missing", "Send an API key in the X-API-Key header or as Authorization: Bearer aip_….");

    /// <summary>The same where tokens are accepted as well; the challenge says where to get one.</summary>
    public static AuthenticationOutcome CredentialMissing { get; } = KeyMissing with
    {
        Message = "Send an access token as Authorization: Bearer … (WWW-Authenticate says where to sign in), or an API key in the X-API-Key header or as Authorization: Bearer aip_….",
    };

    /// <summary>One answer for malformed, unknown, wrong, expired and revoked keys.</summary>
    public static AuthenticationOutcome KeyInvalid { get; } = new(
        null, StatusCodes.Status401Unauthorized, "api_key_invalid", "The API key is not valid. Check it, or ask an administrator for a new one.");

    /// <summary>One answer for every token that is not good, whatever is wrong with it; the reason is in the log.</summary>
    public static AuthenticationOutcome TokenInvalid { get; } = new(
        null, StatusCodes.Status401Unauthorized, "token_invalid", "The access token is not valid here: it may have expired, be meant for another server, or come from an issuer that is not trusted. Get a new one.");

    /// <summary>Nothing is known about the token, because the keys of its issuer cannot be had.</summary>
    public static AuthenticationOutcome IssuerUnavailable { get; } = new(
        null, StatusCodes.Status503ServiceUnavailable, "issuer_unavailable", "The authorization server that issued the token does not answer, so the token cannot be checked. Try again after the time in Retry-After.");

    /// <summary>Whether what was presented is wrong, which counts against the address it comes from.</summary>
    public bool IsWrongCredential => Code == KeyInvalid.Code || Code == TokenInvalid.Code;

    public static AuthenticationOutcome Refused(string code, string message) => new(null, StatusCodes.Status403Forbidden, code, message);
}
