namespace AiPlatform.Indexer.Sources.Http;

/// <summary>The credentials of one host of feeds: an entry of <c>Feeds:Authorization</c>.</summary>
public sealed class FeedAuthorization
{
    /// <summary>The host, such as <c>feeds.example.com</c>, or an address; without scheme and port. Required.</summary>
    public string Host { get; set; } = "";

    /// <summary>The port, 1 to 65535. Default: null, any.</summary>
    public int? Port { get; set; }

    /// <summary>The value of the header, such as <c>Bearer …</c>; one line. Sent to this host only, never logged. Required.</summary>
    public string Value { get; set; } = "";

    internal bool IsFor(Uri url) => Bare(Host).Equals(Bare(url.IdnHost), StringComparison.OrdinalIgnoreCase) && (Port is null || Port == url.Port);

    /// <summary>Without the brackets that an IPv6 address has in a URL only.</summary>
    private static string Bare(string host) => host.Trim('[', ']');
}
