namespace AiPlatform.McpServer.Auth;

/// <summary>Either a caller, or the refusal to answer with.</summary>
/// <param name="Caller">The caller; null when refused.</param>
/// <param name="Status">HTTP status of the refusal: 401, 403 or 429.</param>
/// <param name="Code">Stable snake_case code of the refusal.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal readonly record struct AuthenticationOutcome(Caller? Caller, int Status, string Code, string Message)
{
    public static AuthenticationOutcome Accepted(Caller caller) => new(caller, StatusCodes.Status200OK, "", "");

    /// <summary>What is left of the key's limits; null when no key was verified.</summary>
    public RateDecision? Rate { get; init; }

    public static AuthenticationOutcome TooMany { get; } = new(
        null, StatusCodes.Status429TooManyRequests, "rate_limited", "Too many requests for this key's tier. Wait for the time in Retry-After.");

    public static AuthenticationOutcome TooManyFailures { get; } = new(
        null, StatusCodes.Status429TooManyRequests, "rate_limited", "Too many invalid API keys from this address. Check the key, and wait for the time in Retry-After.");

    public static AuthenticationOutcome KeyMissing { get; } = new(
        null, StatusCodes.Status401Unauthorized, "api_key_missing", "Send an API key in the X-API-Key header or as Authorization: Bearer aip_….");

    /// <summary>One answer for malformed, unknown, wrong, expired and revoked keys.</summary>
    public static AuthenticationOutcome KeyInvalid { get; } = new(
        null, StatusCodes.Status401Unauthorized, "api_key_invalid", "The API key is not valid. Check it, or ask an administrator for a new one.");

    public static AuthenticationOutcome Refused(string code, string message) => new(null, StatusCodes.Status403Forbidden, code, message);
}
