using System.Globalization;
using System.Net.Http.Headers;

namespace AiPlatform.Indexer.Sources.Http;

/// <summary>What a feed said of its state: its ETag, or else the date of its last change. As a fingerprint it can be turned back, to ask whether it still holds.</summary>
/// <param name="Tag">The ETag; null when there is none.</param>
/// <param name="Changed">The date; null when there is none or an ETag says more.</param>
internal sealed record FeedState(EntityTagHeaderValue? Tag, DateTimeOffset? Changed)
{
    private const int MaxTag = 1_024;
    private const char TagMark = 'e';
    private const char DateMark = 'd';

    public static FeedState Of(HttpResponseMessage response) =>
        response.Headers.ETag is { } tag && tag.ToString().Length <= MaxTag ? new(tag, null) : new(null, response.Content.Headers.LastModified);

    /// <summary>What a fingerprint of the same feed says; null when it is of another, or is no fingerprint of a feed.</summary>
    public static FeedState? Parse(string? fingerprint, string feed)
    {
        var head = feed + ":";
        if (fingerprint is null || !fingerprint.StartsWith(head, StringComparison.Ordinal) || fingerprint.Length < head.Length + 2)
        {
            return null;
        }

        var value = fingerprint[(head.Length + 1)..];
        return fingerprint[head.Length] switch
        {
            TagMark when EntityTagHeaderValue.TryParse(value, out var tag) => new(tag, null),
            DateMark when DateTimeOffset.TryParseExact(value, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) => new(null, date),
            _ => null,
        };
    }

    /// <summary>The fingerprint of a feed in this state; null where it said nothing.</summary>
    public string? Fingerprint(string feed) =>
        Tag is not null ? $"{feed}:{TagMark}{Tag}"
        : Changed is { } date ? $"{feed}:{DateMark}{date.ToString("R", CultureInfo.InvariantCulture)}"
        : null;

    /// <summary>Asks for the feed only if it is in another state.</summary>
    public void AskIfChanged(HttpRequestHeaders headers)
    {
        if (Tag is not null)
        {
            headers.IfNoneMatch.Add(Tag);
        }
        else
        {
            headers.IfModifiedSince = Changed;
        }
    }

    /// <summary>Asks for the rest of the feed only if it is in this state. False where nothing says so for certain: a weak ETag stands for several texts, a date for a whole second.</summary>
    public bool AskForRest(HttpRequestHeaders headers, long from)
    {
        if (Tag is not { IsWeak: false })
        {
            return false;
        }

        headers.IfRange = new RangeConditionHeaderValue(Tag);
        headers.Range = new RangeHeaderValue(from, null);
        return true;
    }
}
