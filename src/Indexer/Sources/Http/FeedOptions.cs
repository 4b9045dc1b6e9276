using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Indexer.Sources.Http;

/// <summary>How feeds at <c>http(s)://…</c> are fetched: the section <c>Feeds</c>.</summary>
public sealed class FeedOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Feeds";

    /// <summary>Whether a feed may be at an internal address (loopback, private networks, cloud metadata). Default false.</summary>
    public bool AllowInternal { get; set; }

    /// <summary>What is sent as header <c>Authorization</c>, by host; the entry that names the port goes before the one that does not. Over https, or http to this machine. Default: none.</summary>
    public IList<FeedAuthorization> Authorization { get; } = [];

    /// <summary>Bytes of a feed at most, as sent. Default 64 GiB.</summary>
    [Range(1, long.MaxValue)]
    public long MaxBytes { get; set; } = 64L << 30;

    /// <summary>Minutes a feed may take from its opening to its end. Default 360.</summary>
    [Range(1, 10_080)]
    public int MaxMinutes { get; set; } = 360;

    /// <summary>Seconds to wait for an answer or for the next bytes of it. Default 60.</summary>
    [Range(1, 3_600)]
    public int IdleSeconds { get; set; } = 60;

    /// <summary>Tries behind one that failed or broke, as long as nothing gets on. Default 5.</summary>
    [Range(0, 20)]
    public int Retries { get; set; } = 5;

    /// <summary>Milliseconds of the pause behind the first failure; doubles. A longer Retry-After is waited for, up to 60 seconds. Default 500.</summary>
    [Range(1, 60_000)]
    public int FirstPauseMilliseconds { get; set; } = 500;

    /// <summary>Redirects followed at most; each target is checked like the first. Default 5.</summary>
    [Range(0, 10)]
    public int MaxRedirects { get; set; } = 5;

    internal string? AuthorizationFor(Uri url) => url.Scheme == Uri.UriSchemeHttps || url.IsLoopback
        ? Authorization.Where(a => a.IsFor(url)).OrderBy(a => a.Port is null).FirstOrDefault()?.Value
        : null;
}
