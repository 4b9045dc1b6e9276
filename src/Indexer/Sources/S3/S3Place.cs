using System.Globalization;
using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using AiPlatform.Indexer.Sources.Remote;

namespace AiPlatform.Indexer.Sources.S3;

/// <summary>An object of a bucket, or the data objects under a prefix, read as a folder: <c>s3://b/shop</c> is the object of that key, or else all under <c>shop/</c>.</summary>
internal sealed class S3Place(SourceLocation location, S3Options options, TimeProvider time) : ISourcePlace
{
    private const string Kind = "s3";
    private const int PageKeys = 1_000;

    private readonly S3Bucket _bucket = new(
        location.Bucket,
        options,
        new SourcePatience(location.Display, options.Retries, TimeSpan.FromMilliseconds(options.FirstPauseMilliseconds), TimeSpan.FromSeconds(options.IdleSeconds), time));

    public string Name => location.Key.TrimEnd('/').Split('/')[^1] is { Length: > 0 } name ? name : location.Bucket;

    public async ValueTask<SourceListing?> ListAsync(string? known, CancellationToken cancellationToken)
    {
        var listing = await ListAsync(cancellationToken).ConfigureAwait(false);
        return listing.Fingerprint == known ? null : listing;
    }

    public async ValueTask<bool> IsUnchangedAsync(SourceListing listing, CancellationToken cancellationToken)
    {
        try
        {
            return (await ListAsync(cancellationToken).ConfigureAwait(false)).Fingerprint == listing.Fingerprint;
        }
        catch (SourceException e) when (e.Code == "source_not_found")
        {
            return false;
        }
    }

    public ValueTask DisposeAsync()
    {
        _bucket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<SourceListing> ListAsync(CancellationToken cancellationToken)
    {
        var key = location.Key;
        List<S3File> files = key.Length > 0 && !key.EndsWith('/') && await ObjectAsync(key, cancellationToken).ConfigureAwait(false) is { } one
            ? [one]
            : await UnderAsync(key.Length == 0 || key.EndsWith('/') ? key : key + "/", cancellationToken).ConfigureAwait(false);
        SourceListing.Check(files.Count, location.Display);
        files.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        var signs = files.SelectMany(f => new[] { f.Key, f.ETag, f.Length!.Value.ToString(CultureInfo.InvariantCulture) });
        return new SourceListing(files, SourceListing.Digest(Kind, signs.Prepend(location.Bucket).Prepend(options.ServiceUrl)));
    }

    /// <summary>The object of a key; null when there is none.</summary>
    private Task<S3File?> ObjectAsync(string key, CancellationToken cancellationToken) => _bucket.AskAsync<S3File?>(
        async (client, bucket, token) =>
        {
            try
            {
                var head = await client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = bucket, Key = key }, token).ConfigureAwait(false);
                return new S3File(_bucket, key, head.ETag, head.ContentLength);
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }
        },
        cancellationToken);

    private async Task<List<S3File>> UnderAsync(string prefix, CancellationToken cancellationToken)
    {
        var files = new List<S3File>();
        string? from = null;
        do
        {
            var request = new ListObjectsV2Request { Prefix = prefix, MaxKeys = PageKeys, ContinuationToken = from };
            var page = await _bucket.AskAsync(
                (client, bucket, token) =>
                {
                    request.BucketName = bucket;
                    return client.ListObjectsV2Async(request, token);
                },
                cancellationToken).ConfigureAwait(false);
            files.AddRange((page.S3Objects ?? []).Where(o => SourceListing.IsData(o.Key)).Select(o => new S3File(_bucket, o.Key, o.ETag, o.Size ?? 0)));
            from = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (from is not null && files.Count <= SourceLimits.Files);
        return files;
    }
}
