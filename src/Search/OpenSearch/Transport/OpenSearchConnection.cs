using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.OpenSearch.Transport;

/// <summary>
/// The cluster as one thing to send requests to: chooses the node, signs, bounds time and size, repeats what may be repeated, and turns every failure
/// into an <see cref="OpenSearchException"/>. Thread-safe.
/// </summary>
internal sealed class OpenSearchConnection : IDisposable
{
    private const int FirstDelayMilliseconds = 50;
    private const int LastDelayMilliseconds = 2_000;
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeHeaderValue Lines = new("application/x-ndjson");
    private readonly OpenSearchOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ClusterNodes _nodes;
    private readonly IRequestSigner? _signer;
    private readonly HttpMessageInvoker _http;

    /// <summary>Connects to nothing yet.</summary>
    public OpenSearchConnection(OpenSearchOptions options, TimeProvider time, ILogger<OpenSearchConnection> logger)
        : this(options, OpenSearchHandler.Create(options), SignerOf(options, time), time, logger)
    {
    }

    /// <summary>For tests: other credentials, another way out.</summary>
    internal OpenSearchConnection(OpenSearchOptions options, HttpMessageHandler handler, IRequestSigner? signer, TimeProvider time, ILogger logger)
    {
        OpenSearchOptionsValidator.Demand(options);
        (_options, _time, _logger, _signer) = (options, time, logger, signer);
        _nodes = new ClusterNodes(options, time, logger);
        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>The settings.</summary>
    public OpenSearchOptions Options => _options;

    /// <summary>How often the cluster came back after no node could be reached.</summary>
    public int Reconnections => _nodes.Reconnections;

    /// <summary>Sends a JSON request and answers what the cluster answers; the caller disposes it.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query, escaped, starting with a slash.</param>
    /// <param name="body">The body; empty for none.</param>
    /// <param name="idempotent">Whether it may be sent again after a failure or 429.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="OpenSearchException">It was not carried out.</exception>
    public ValueTask<OpenSearchResponse> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte> body, bool idempotent, CancellationToken cancellationToken) =>
        SendAsync(new OpenSearchRequest(method, path) { Body = body, Repeat = idempotent ? Repeat.AfterOverload : Repeat.WhenUnsent }, cancellationToken);

    /// <summary>Sends a request and answers what the cluster answers; the caller disposes it.</summary>
    /// <exception cref="OpenSearchException">It was not carried out, as far as is known.</exception>
    public async ValueTask<OpenSearchResponse> SendAsync(OpenSearchRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await AttemptAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (OpenSearchException e) when (attempt < _options.MaxRetries && MayRepeat(request, e, attempt))
            {
                Log.RequestRepeated(_logger, request.Method.Method, request.Path.Split('?')[0], e.Code);
                if (attempt >= _nodes.Count - 1 || e.Status != 0)
                {
                    await Task.Delay(BackOff(attempt), _time, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A delay before the next attempt: doubled every time, half of it by chance, so that callers do not come back all at once.</summary>
    internal static TimeSpan BackOff(int attempt)
    {
        var most = Math.Min(LastDelayMilliseconds, FirstDelayMilliseconds << Math.Min(attempt, 10));
        return TimeSpan.FromMilliseconds((most / 2) + RandomNumberGenerator.GetInt32((most / 2) + 1));
    }

    private bool MayRepeat(OpenSearchRequest request, OpenSearchException e, int attempt) => e switch
    {
        // The circuit is open: waiting a few milliseconds will not close it.
        { CircuitOpen: true } => false,
        { NeverSent: true, Code: OpenSearchErrors.Unavailable } => true,

        // The same node has the same certificate; another one may have a better.
        { Code: OpenSearchErrors.Untrusted } => attempt < _nodes.Count - 1,
        { Status: 401 } => attempt == 0 && _signer?.Renew() == true,
        { Status: 429 } => request.Repeat == Repeat.AfterOverload,
        // Nobody knows whether a late request is still at work: sending it again would add to the load it suffers from.
        { Status: 0, Code: OpenSearchErrors.Timeout } => false,
        { Code: OpenSearchErrors.Unavailable } or { Status: 504 } => request.Repeat != Repeat.WhenUnsent,
        _ => false,
    };

    private async ValueTask<OpenSearchResponse> AttemptAsync(OpenSearchRequest request, CancellationToken cancellationToken)
    {
        var node = _nodes.Take();
        var timeout = request.Timeout ?? TimeSpan.FromSeconds(_options.RequestTimeoutSeconds);
        using var expiry = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, expiry.Token);
        try
        {
            var answer = await ExchangeAsync(node, request, either.Token).ConfigureAwait(false);
            _nodes.Succeeded(node);
            return answer;
        }
        catch (OpenSearchException e)
        {
            // It answered, so it lives, whatever it says; a gateway's 502 or 504 says that it does not.
            Judge(node, e);
            throw;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            var connecting = !expiry.IsCancellationRequested;
            var failure = connecting
                ? Unreachable(node, e)
                : new OpenSearchException(OpenSearchErrors.Timeout, $"OpenSearch at {node.Name} did not answer {request.Method} {request.Path.Split('?')[0]} within {timeout.TotalSeconds:0.#} s. Check its load, or raise the timeout.", e);
            _nodes.Failed(node, failure);
            throw failure;
        }
        catch (OperationCanceledException)
        {
            _nodes.Abandoned();
            throw;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            var failure = e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }
                ? Unreachable(node, e)
                : new OpenSearchException(OpenSearchErrors.Unavailable, $"OpenSearch at {node.Name} hung up: {Sentence(e)} Check that the address names the port of its HTTP interface, and https where it has TLS.", e);
            _nodes.Failed(node, failure);
            throw failure;
        }
    }

    private void Judge(ClusterNode node, OpenSearchException e)
    {
        if (e.Status is 502 or 504)
        {
            _nodes.Failed(node, e);
        }
        else if (e.Status > 0 || e.Code == OpenSearchErrors.InvalidAnswer)
        {
            _nodes.Succeeded(node);
        }
        else
        {
            _nodes.Abandoned();
        }
    }

    private static OpenSearchException Unreachable(ClusterNode node, Exception e) => e.InnerException is AuthenticationException tls
        ? new(OpenSearchErrors.Untrusted, $"TLS with OpenSearch at {node.Name} fails: {Sentence(tls)} Check OpenSearch:CaFile, that the certificate names this address, and that the node speaks https.", e) { NeverSent = true }
        : new(OpenSearchErrors.Unavailable, $"OpenSearch at {node.Name} cannot be reached: {Sentence(e.InnerException ?? e)} Check the address and the network.", e) { NeverSent = true };

    private static string Sentence(Exception e) => e.Message.EndsWith('.') ? e.Message : e.Message + ".";

    private async ValueTask<OpenSearchResponse> ExchangeAsync(ClusterNode node, OpenSearchRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, node.Address + request.Path);
        if (!request.Body.IsEmpty)
        {
            message.Content = new ReadOnlyMemoryContent(request.Body);
            message.Content.Headers.ContentType = request.Lines ? Lines : Json;
        }

        if (_signer is not null)
        {
            await _signer.SignAsync(message, request.Body, cancellationToken).ConfigureAwait(false);
        }

        using var answer = await _http.SendAsync(message, cancellationToken).ConfigureAwait(false);
        var (buffer, length) = await ReadAsync(answer, request, cancellationToken).ConfigureAwait(false);
        var kept = false;
        try
        {
            var status = (int)answer.StatusCode;
            if (status is < 200 or >= 300 && !(status == (int)HttpStatusCode.NotFound && request.MissingIsAnswer))
            {
                throw ErrorBody.Read(status, buffer.AsSpan(0, length), request);
            }

            var response = OpenSearchResponse.Of(status, buffer, length);
            kept = true;
            return response;
        }
        catch (JsonException e)
        {
            throw new OpenSearchException(OpenSearchErrors.InvalidAnswer, $"What answered {request.Method} {request.Path.Split('?')[0]} at {node.Name} is no JSON. Check that OpenSearch:Nodes names OpenSearch and no other server.", e) { Status = (int)answer.StatusCode };
        }
        finally
        {
            if (!kept)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private async ValueTask<(byte[] Buffer, int Length)> ReadAsync(HttpResponseMessage answer, OpenSearchRequest request, CancellationToken cancellationToken)
    {
        var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);
        var announced = answer.Content.Headers.ContentLength ?? 0;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(announced + 1, 4_096, _options.MaxResponseBytes));
        try
        {
            for (var length = 0; ;)
            {
                if (length == buffer.Length)
                {
                    buffer = Grow(buffer, length);
                }

                var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                length += read;
                if (read == 0)
                {
                    return (buffer, length);
                }

                if (length > _options.MaxResponseBytes)
                {
                    throw new OpenSearchException(OpenSearchErrors.InvalidAnswer, $"The answer to {request.Method} {request.Path.Split('?')[0]} is larger than {_options.MaxResponseBytes} bytes (OpenSearch:MaxResponseBytes).");
                }
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static IRequestSigner? SignerOf(OpenSearchOptions options, TimeProvider time)
    {
        OpenSearchOptionsValidator.Demand(options);
        return options.Authentication switch
        {
            OpenSearchAuthentication.Basic => new BasicSigner(options),
            OpenSearchAuthentication.Aws => new AwsSigner(options, credentials: null, time),
            _ => null,
        };
    }
}
