using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.Runtime.Signing;

namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>Invokes a model of Bedrock, once. Signs with AWS Signature Version 4, or sends a key as bearer token. Thread-safe.</summary>
/// <param name="model">The model.</param>
/// <param name="region">AWS region.</param>
/// <param name="key">A Bedrock key; empty to sign.</param>
/// <param name="credentials">Who signs; null for the SDK's default chain, which keeps and renews what it found.</param>
/// <param name="http">Connects; not owned.</param>
/// <param name="time">The clock.</param>
internal sealed class BedrockClient(RemoteModel model, string region, string key, AWSCredentials? credentials, HttpClient http, TimeProvider time)
{
    private const string Service = "bedrock";
    private const string TokenHeader = "X-Amzn-Bedrock-Input-Token-Count";

    // A model's name may hold a colon, which a path segment must not say of itself.
    private readonly Uri _url = new($"{(model.BaseUrl.Length > 0 ? model.BaseUrl.TrimEnd('/') : $"https://bedrock-runtime.{region}.amazonaws.com")}/model/{Uri.EscapeDataString(model.Name)}/invoke");

    private volatile AWSCredentials? _credentials = credentials;

    public Uri Url => _url;

    /// <summary>Sends a request and reads its answer.</summary>
    /// <param name="request">Written as JSON, names as they are.</param>
    /// <param name="read">Reads the answer; whatever is not as expected it throws as <see cref="InvalidOperationException"/> or <see cref="KeyNotFoundException"/>, as JSON elements do.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>What was read, and how many tokens the service says the texts had; null when it does not.</returns>
    public async Task<(T Answer, long? Tokens)> InvokeAsync<T>(object request, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(request);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ByteArrayContent(body) };
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            message.Headers.Accept.ParseAdd("application/json");
            await AuthorizeAsync(message, body, cancellationToken).ConfigureAwait(false);
            using var response = await http.SendAsync(message, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw EmbeddingException.OfStatus((int)response.StatusCode, response.Headers.RetryAfter?.ToString(), time.GetUtcNow());
            }

            using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            long? tokens = response.Headers.TryGetValues(TokenHeader, out var values) && long.TryParse(values.First(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var count) ? count : null;
            return (read(answer.RootElement), tokens);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw EmbeddingException.Unreachable((e.InnerException ?? e).Message, e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw EmbeddingException.Malformed("it is no embedding", e);
        }
        catch (AmazonClientException e)
        {
            throw new EmbeddingException("embeddings_refused", $"There are no AWS credentials to sign requests to Bedrock with. Give the process a role, a profile or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or set Embeddings:ApiKey. {e.Message}", retryable: false, e);
        }
    }

    /// <summary>Reads a list of numbers.</summary>
    public static ReadOnlyMemory<float> Vector(JsonElement list)
    {
        var vector = new float[list.GetArrayLength()];
        var at = 0;
        foreach (var value in list.EnumerateArray())
        {
            vector[at++] = value.GetSingle();
        }

        return vector;
    }

    private async Task AuthorizeAsync(HttpRequestMessage message, byte[] body, CancellationToken cancellationToken)
    {
        if (key.Length > 0)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            return;
        }

        _credentials ??= await new DefaultAWSCredentialsIdentityResolver().ResolveIdentityAsync(clientConfig: null, cancellationToken).ConfigureAwait(false);
        var toSign = new AWSSigningRequest { HttpMethod = message.Method, RequestUri = _url };
        toSign.Headers["x-amz-content-sha256"] = Convert.ToHexStringLower(SHA256.HashData(body));
        var parameters = new AWSSigV4Parameters { Credentials = _credentials, Region = RegionEndpoint.GetBySystemName(region), Service = Service, SignedAt = time.GetUtcNow().UtcDateTime };
        var signed = await AWSSigV4Signer.SignAsync(toSign, parameters, cancellationToken).ConfigureAwait(false);
        foreach (var (name, value) in signed.Headers)
        {
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
