using System.Net;
using System.Net.Sockets;

namespace AiPlatform.Storage.Outbound;

/// <summary>Which addresses are not the public internet: what a URL from outside must never make this process connect to.</summary>
public static class InternalAddresses
{
    private static readonly IPNetwork[] NotPublic4 =
    [
        new(new IPAddress([0, 0, 0, 0]), 8), // this network
        new(new IPAddress([10, 0, 0, 0]), 8),
        new(new IPAddress([100, 64, 0, 0]), 10), // shared by carriers
        new(new IPAddress([127, 0, 0, 0]), 8),
        new(new IPAddress([169, 254, 0, 0]), 16), // link-local, metadata of clouds
        new(new IPAddress([172, 16, 0, 0]), 12),
        new(new IPAddress([192, 0, 0, 0]), 24),
        new(new IPAddress([192, 0, 2, 0]), 24), // documentation, as the next two
        new(new IPAddress([198, 51, 100, 0]), 24),
        new(new IPAddress([203, 0, 113, 0]), 24),
        new(new IPAddress([192, 88, 99, 0]), 24),
        new(new IPAddress([192, 168, 0, 0]), 16),
        new(new IPAddress([198, 18, 0, 0]), 15), // benchmarks
        new(new IPAddress([168, 63, 129, 16]), 32), // a cloud's host agent behind a public number
        new(new IPAddress([224, 0, 0, 0]), 4), // multicast
        new(new IPAddress([240, 0, 0, 0]), 4), // reserved and broadcast
    ];

    // Only 2000::/3 is given out on the internet; what is special inside it:
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork TranslatedV4 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork[] NotPublic6 =
    [
        IPNetwork.Parse("2001::/23"), // Teredo and other protocol assignments
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("2002::/16"), // 6to4, which carries any IPv4 address
        IPNetwork.Parse("3fff::/20"), // documentation
    ];

    /// <summary>Whether an address is loopback, private, link-local, carrier-grade NAT, multicast, unique-local, reserved or documentation, also when it is written as IPv4 inside IPv6.</summary>
    public static bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return Array.Exists(NotPublic4, n => n.Contains(address));
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return Contains(address.MapToIPv4());
        }

        // A scope id must not keep a prefix from matching.
        var plain = new IPAddress(address.GetAddressBytes());
        return TranslatedV4.Contains(plain)
            ? Contains(new IPAddress(plain.GetAddressBytes().AsSpan(12)))
            : !GlobalUnicast.Contains(plain) || Array.Exists(NotPublic6, n => n.Contains(plain));
    }
}
