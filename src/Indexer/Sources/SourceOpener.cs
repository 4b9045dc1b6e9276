using AiPlatform.Indexer.Sources.Http;
using AiPlatform.Indexer.Sources.Local;
using AiPlatform.Indexer.Sources.S3;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Sources;

/// <summary>Opens every kind of source. Thread-safe.</summary>
/// <param name="s3">How S3 is reached.</param>
/// <param name="feeds">How feeds are fetched.</param>
/// <param name="time">The clock.</param>
public sealed class SourceOpener(IOptions<S3Options> s3, IOptions<FeedOptions> feeds, TimeProvider time) : ISourceOpener
{
    /// <inheritdoc/>
    public async ValueTask<ISourceReader?> OpenAsync(string location, SourceOptions options, string? known, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var place = PlaceOf(SourceLocation.Parse(location));
        SourceReader? reader = null;
        try
        {
            var listing = await place.ListAsync(known, cancellationToken).ConfigureAwait(false);
            return reader = listing is null ? null : new SourceReader(place, listing, options);
        }
        finally
        {
            if (reader is null)
            {
                await place.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private ISourcePlace PlaceOf(SourceLocation location) =>
        location.Path is { } path ? new LocalPlace(path)
        : location.IsS3 ? new S3Place(location, s3.Value, time)
        : new FeedPlace(location, feeds.Value, time);
}
