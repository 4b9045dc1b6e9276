using System.Globalization;
using Amazon.S3.Model;
using AiPlatform.Indexer.Sources.Remote;

namespace AiPlatform.Indexer.Sources.S3;

/// <summary>An object of a bucket, read by its ETag: one that is replaced meanwhile is refused, never mixed.</summary>
/// <param name="bucket">The bucket.</param>
/// <param name="key">The object's key.</param>
/// <param name="etag">Its ETag when it was listed.</param>
/// <param name="length">Its size when it was listed.</param>
internal sealed class S3File(S3Bucket bucket, string key, string etag, long length) : IStoredFile
{
    public string Key => key;

    public string ETag => etag;

    public string Name => key.Split('/')[^1];

    public long? Length => length;

    public bool IsPackedByTransport => false;

    public ValueTask<Stream> OpenAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<Stream>(new ResumingStream(null, OpenFromAsync, length, bucket.Options.MaxBytes, bucket.Patience));

    private async Task<StoredPart> OpenFromAsync(long from, CancellationToken cancellationToken)
    {
        try
        {
            return new StoredPart(await GetAsync(from, cancellationToken).ConfigureAwait(false), length, null);
        }
        catch (SourceException e) when (e.Code == "source_not_found")
        {
            // It was there when it was listed.
            throw SourceReader.Changed(Name, e);
        }
    }

    private Task<Stream> GetAsync(long from, CancellationToken cancellationToken) => bucket.OnceAsync(
        async (client, name, token) =>
        {
            var request = new GetObjectRequest { BucketName = name, Key = key, EtagToMatch = etag };
            if (from > 0)
            {
                request.ByteRange = new ByteRange(from, length - 1);
            }

            var response = await client.GetObjectAsync(request, token).ConfigureAwait(false);
            if (response.ETag == etag && response.ContentLength == length - from && IsFrom(from, response.ContentRange))
            {
                return response.ResponseStream;
            }

            response.Dispose();
            throw SourceReader.Changed(Name);
        },
        cancellationToken);

    /// <summary>Less than the rest, or a rest of another place, would leave out rows or mix them.</summary>
    private bool IsFrom(long from, string? range) => from == 0 || range == string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{length - 1}/{length}");
}
