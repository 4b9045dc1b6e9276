using System.Globalization;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Sources.Http;
using AiPlatform.Indexer.Sources.S3;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Tests.Sources;

/// <summary>Openers with short pauses, and what they are to read.</summary>
internal static class Sources
{
    public static SourceOpener Opener(Action<FeedOptions>? feeds = null, Action<S3Options>? s3 = null)
    {
        var feedOptions = new FeedOptions { AllowInternal = true, FirstPauseMilliseconds = 1, Retries = 3 };
        feeds?.Invoke(feedOptions);
        var s3Options = new S3Options { AccessKey = "test", SecretKey = "test", FirstPauseMilliseconds = 1, Retries = 3 };
        s3?.Invoke(s3Options);
        return new SourceOpener(Options.Create(s3Options), Options.Create(feedOptions), TimeProvider.System);
    }

    public static string Rows(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{{\"id\":\"{i}\",\"name\":\"{(i * 7919L) ^ 0x5a5a5a}\"}}\n")));

    /// <summary>The ids of all rows, in order.</summary>
    public static async Task<List<string>> IdsAsync(ISourceOpener opener, string location)
    {
        await using var reader = await opener.OpenAsync(location, SourceOptions.Default, null, default);
        var ids = new List<string>();
        await foreach (var row in reader!.ReadAsync(default))
        {
            ids.Add(row.Value!.Member("id")!.Text!);
        }

        return ids;
    }

    public static async Task<SourceException> RefusalAsync(ISourceOpener opener, string location) =>
        await Assert.ThrowsAsync<SourceException>(() => IdsAsync(opener, location));
}
