using System.Security.Cryptography;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.Runtime.Signing;

namespace AiPlatform.Search.OpenSearch.Transport;

/// <summary>AWS Signature Version 4, made by the SDK over address, body and date.</summary>
/// <param name="options">Region and service.</param>
/// <param name="credentials">Who signs; null for the SDK's default chain, which keeps and renews what it found.</param>
/// <param name="time">Clock.</param>
internal sealed class AwsSigner(OpenSearchOptions options, AWSCredentials? credentials, TimeProvider time) : IRequestSigner
{
    private volatile AWSCredentials? _credentials = credentials;

    public async ValueTask SignAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            _credentials ??= await new DefaultAWSCredentialsIdentityResolver().ResolveIdentityAsync(clientConfig: null, cancellationToken).ConfigureAwait(false);
            var toSign = new AWSSigningRequest { HttpMethod = request.Method, RequestUri = request.RequestUri! };
            toSign.Headers["x-amz-content-sha256"] = Convert.ToHexStringLower(SHA256.HashData(body.Span));
            var signed = await AWSSigV4Signer.SignAsync(toSign, Parameters(_credentials), cancellationToken).ConfigureAwait(false);
            foreach (var (name, value) in signed.Headers)
            {
                request.Headers.Remove(name);
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
        catch (AmazonClientException e)
        {
            throw new OpenSearchException(
                OpenSearchErrors.Unauthorized,
                $"There are no AWS credentials to sign requests to OpenSearch with. Give the process a role, a profile or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. {e.Message}",
                e) { NeverSent = true };
        }
    }

    /// <summary>The chain renews its credentials by itself.</summary>
    public bool Renew() => false;

    private AWSSigV4Parameters Parameters(AWSCredentials keys) => new()
    {
        Credentials = keys,
        Region = RegionEndpoint.GetBySystemName(options.Region),
        Service = options.Service,
        SignedAt = time.GetUtcNow().UtcDateTime,
    };
}
