using System.Globalization;

namespace AiPlatform.McpServer.Auth;

/// <summary>Tells a caller what is left of its limits.</summary>
internal static class RateHeaders
{
    public const string RemainingMinute = "X-RateLimit-Remaining-Minute";
    public const string RemainingDay = "X-RateLimit-Remaining-Day";

    public static void Write(IHeaderDictionary headers, RateDecision decision)
    {
        headers[RemainingMinute] = decision.RemainingMinute.ToString(CultureInfo.InvariantCulture);
        headers[RemainingDay] = decision.RemainingDay.ToString(CultureInfo.InvariantCulture);
        if (!decision.Allowed)
        {
            headers.RetryAfter = decision.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }
    }
}
