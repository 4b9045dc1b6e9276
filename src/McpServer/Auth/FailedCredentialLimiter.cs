using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth;

/// <summary>
/// Counts presented keys and tokens that are not valid, by remote address (IPv6 by its /64). Past <see cref="PerMinute"/> the answer is 429; a valid one
/// from the same address goes on, so that nobody locks out a neighbour. In memory, bounded, thread-safe.
/// </summary>
internal sealed class FailedCredentialLimiter(TimeProvider time)
{
    public const int PerMinute = 60;

    /// <summary>Addresses remembered; beyond it the table starts anew.</summary>
    public const int Capacity = 10_000;

    private static readonly TierPolicy Limits = TierPolicy.Free with { RequestsPerMinute = PerMinute, RequestsPerDay = int.MaxValue };
    private readonly ConcurrentDictionary<string, RateWindow> _windows = new(StringComparer.Ordinal);

    /// <summary>Counts one failure of the address.</summary>
    public RateDecision Take(IPAddress? address)
    {
        var key = Key(address);
        if (!_windows.TryGetValue(key, out var window))
        {
            if (_windows.Count >= Capacity)
            {
                _windows.Clear();
            }

            window = _windows.GetOrAdd(key, static _ => new RateWindow());
        }

        return window.Take(Limits, time.GetUtcNow());
    }

    private static string Key(IPAddress? address) => address switch
    {
        null => "",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)),
        _ => address.ToString(),
    };
}
