using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using AiPlatform.Indexer.Sources.Remote;

namespace AiPlatform.Indexer.Sources.S3;

/// <summary>A bucket, and what its answers mean for a source.</summary>
internal sealed class S3Bucket : IDisposable
{
    private readonly AmazonS3Client _client;
    private readonly string _bucket;

    /// <exception cref="SourceException">There are no credentials, or no region.</exception>
    public S3Bucket(string bucket, S3Options options, SourcePatience patience)
    {
        _bucket = bucket;
        Options = options;
        Patience = patience;
        _client = Told(() => CreateClient(options));
    }

    public S3Options Options { get; }

    public SourcePatience Patience { get; }

    /// <summary>Makes a request; retried while its failure may pass.</summary>
    public Task<T> AskAsync<T>(Func<AmazonS3Client, string, CancellationToken, Task<T>> request, CancellationToken cancellationToken) =>
        Patience.RunAsync(token => OnceAsync(request, token), cancellationToken);

    /// <summary>Makes a request once.</summary>
    /// <exception cref="SourceTroubleException">It failed, and may succeed when it is made again.</exception>
    /// <exception cref="SourceException">It failed.</exception>
    public async Task<T> OnceAsync<T>(Func<AmazonS3Client, string, CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await request(_client, _bucket, cancellationToken).ConfigureAwait(false);
        }
        catch (AmazonServiceException e)
        {
            throw Of(e);
        }
        catch (AmazonClientException e) when (e.InnerException is not (HttpRequestException or IOException))
        {
            throw Forbidden(e);
        }
        catch (AmazonClientException e)
        {
            throw new SourceTroubleException(e.Message, null, e);
        }
    }

    public void Dispose() => _client.Dispose();

    private static AmazonS3Client CreateClient(S3Options options)
    {
        var own = options.ServiceUrl.Length > 0;
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.ForcePathStyle ?? own,
            // The retries are ours: they go on from where a body broke.
            MaxErrorRetry = 0,
            Timeout = TimeSpan.FromSeconds(options.IdleSeconds),
            // Other stores than AWS's do not know the newer checksums; the ETag guards every request all the same.
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        };
        if (own)
        {
            config.ServiceURL = options.ServiceUrl;
            config.AuthenticationRegion = options.Region.Length > 0 ? options.Region : "us-east-1";
        }
        else if (options.Region.Length > 0)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        return options.AccessKey.Length == 0 ? new AmazonS3Client(config)
            : options.SessionToken.Length > 0 ? new AmazonS3Client(new SessionAWSCredentials(options.AccessKey, options.SecretKey, options.SessionToken), config)
            : new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }

    private Exception Of(AmazonServiceException e) => e.StatusCode switch
    {
        HttpStatusCode.NotFound => new SourceException("source_not_found", $"{Patience.Display} does not exist. Check bucket, key and region.", e),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => Forbidden(e),
        HttpStatusCode.PreconditionFailed => SourceReader.Changed(Patience.Display, e),
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError or 0 => new SourceTroubleException($"it answered {(int)e.StatusCode} {e.ErrorCode}", null, e),
        _ => new SourceException("source_unreadable", $"{Patience.Display} answered {(int)e.StatusCode} {e.ErrorCode}: {e.Message} Check the section S3.", e),
    };

    private SourceException Forbidden(Exception e) =>
        new("source_forbidden", $"{Patience.Display} may not be read with these credentials ({(e as AmazonServiceException)?.ErrorCode ?? e.Message}). They need s3:GetObject and s3:ListBucket there; set them in the section S3 or the AWS environment.", e);

    private T Told<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (AmazonClientException e)
        {
            throw Forbidden(e);
        }
    }
}
