using System.Globalization;
using AiPlatform.Router.Calls;

namespace AiPlatform.Router.Providers;

/// <summary>What statuses of providers mean.</summary>
public static class ProviderStatus
{
    /// <summary>The fault of a status of 400 and above.</summary>
    public static RouterFault FaultOf(int status) => status switch
    {
        401 or 403 => RouterFault.Credentials,
        404 => RouterFault.LacksModel,
        408 or 504 => RouterFault.Timeout,
        413 => RouterFault.TooLarge,
        424 => RouterFault.Unavailable,
        429 => RouterFault.Throttled,
        >= 500 => RouterFault.Unavailable,
        _ => RouterFault.Refused,
    };

    /// <summary>The value of <c>Retry-After</c>: seconds or a date (RFC 9110, 10.2.3); null for none and for nonsense.</summary>
    public static TimeSpan? RetryAfter(string? value, DateTimeOffset now)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return TimeSpan.FromSeconds(seconds);
        }

        return DateTimeOffset.TryParseExact(value, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at > now ? at - now : TimeSpan.Zero : null;
    }
}
