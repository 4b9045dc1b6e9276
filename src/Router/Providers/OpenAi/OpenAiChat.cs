using System.Buffers;
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using AiPlatform.Router.Calls;
using AiPlatform.Router.OpenAiWire;
using AiPlatform.Router.Targets;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace AiPlatform.Router.Providers.OpenAi;

/// <summary>
/// Chats with OpenAI or a service that speaks its protocol (Azure, Ollama, vLLM), through the official client's protocol methods: transport, credentials and addresses are the client's,
/// bodies are ours, so that nothing a caller sent is lost on the way. One request a call. Thread-safe.
/// </summary>
internal sealed class OpenAiChat : IChatClient
{
    private static readonly Uri OpenAi = new("https://api.openai.com/v1");

    private readonly ChatClient _client;
    private readonly ChatRequestWriter _writer;
    private readonly ChatClientMetadata _metadata;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    /// <param name="target">Model and address.</param>
    /// <param name="settings">Key and patience.</param>
    /// <param name="http">Connects; not owned.</param>
    /// <param name="time">The clock.</param>
    public OpenAiChat(ModelTarget target, ProviderSettings settings, HttpClient http, TimeProvider time)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = target.BaseUrl ?? OpenAi,
            Transport = new HttpClientPipelineTransport(http),
            // Repeated outside, where other targets are known; timed here, by the piece.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            EnableDistributedTracing = false,
        };
        if (settings.ApiKey.Length == 0)
        {
            options.AddPolicy(new WithoutKey(), PipelinePosition.BeforeTransport);
        }

        _client = new ChatClient(target.UpstreamModel, new ApiKeyCredential(settings.ApiKey.Length > 0 ? settings.ApiKey : "none"), options);
        _writer = new ChatRequestWriter(target.UpstreamModel, target.BaseUrl is null ? "max_completion_tokens" : "max_tokens");
        _metadata = new ChatClientMetadata("openai", options.Endpoint, target.UpstreamModel);
        _timeout = settings.Timeout;
        _time = time;
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var patience = new Patience(_timeout, _time, cancellationToken);
        using var response = await SendAsync(messages, options, stream: false, patience).ConfigureAwait(false);
        return CompletionReader.Read(response.Content.ToMemory());
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var patience = new Patience(_timeout, _time, cancellationToken);
        using var response = await SendAsync(messages, options, stream: true, patience).ConfigureAwait(false);
        var chunks = new ChunkReader();
        var events = SseParser.Create(response.ContentStream!, (_, data) => chunks.Read(data)).EnumerateAsync(patience.Token).GetAsyncEnumerator(patience.Token);
        await using (events.ConfigureAwait(false))
        {
            while (!chunks.IsDone && await NextAsync(events, chunks, patience).ConfigureAwait(false))
            {
                if (events.Current.Data is { } update)
                {
                    yield return update;
                }
            }
        }

        if (!chunks.IsComplete)
        {
            throw Truncated(chunks, null);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(ChatClientMetadata) ? _metadata : serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private async Task<PipelineResponse> SendAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream, Patience patience)
    {
        var body = new ArrayBufferWriter<byte>(1_024);
        _writer.Write(body, messages, options, stream);
        var request = new RequestOptions { CancellationToken = patience.Token, ErrorOptions = ClientErrorBehaviors.NoThrow, BufferResponse = !stream };
        try
        {
            using var content = BinaryContent.Create(new BinaryData(body.WrittenMemory));
            var response = (await _client.CompleteChatAsync(content, request).ConfigureAwait(false)).GetRawResponse();
            return response.IsError ? throw await FailureAsync(response, patience).ConfigureAwait(false) : response;
        }
        catch (OperationCanceledException) when (patience.IsOver)
        {
            throw patience.Failure(null);
        }
        catch (Exception cut) when (cut is ClientResultException { Status: 0 } or HttpRequestException or IOException)
        {
            throw new RouterException(RouterFault.Unreachable, "The provider cannot be reached, or cut the connection before its answer.", cut);
        }
    }

    private async Task<RouterException> FailureAsync(PipelineResponse response, Patience patience)
    {
        using (response)
        {
            var body = response.ContentStream is { CanSeek: false } ? await response.BufferContentAsync(patience.Token).ConfigureAwait(false) : response.Content;
            var asked = response.Headers.TryGetValue("Retry-After", out var after) ? ProviderStatus.RetryAfter(after, _time.GetUtcNow()) : null;
            return WireError.Read(body.ToMemory(), ProviderStatus.FaultOf(response.Status), response.Status, asked);
        }
    }

    /// <summary>The next event. What was cut is truncated, and told with what was used so far.</summary>
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<SseItem<ChatResponseUpdate?>> events, ChunkReader chunks, Patience patience)
    {
        try
        {
            patience.Renew();
            return await events.MoveNextAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsOver)
        {
            throw patience.Failure(chunks.Usage);
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            throw Truncated(chunks, cut);
        }
    }

    private static RouterException Truncated(ChunkReader chunks, Exception? cut) =>
        new(RouterFault.Truncated, "The provider's stream ended before its answer did.", cut) { PartialUsage = chunks.Usage };

    /// <summary>Sends no key, where the client insists on one: a service of one's own may want none.</summary>
    private sealed class WithoutKey : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Remove("Authorization");
            ProcessNext(message, pipeline, currentIndex);
        }

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Remove("Authorization");
            return ProcessNextAsync(message, pipeline, currentIndex);
        }
    }
}
