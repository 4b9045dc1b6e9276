using AiPlatform.Search.Embeddings.Remote;
using Amazon.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Search.Tests.Embeddings.Remote;

/// <summary>A service and its client, with short pauses.</summary>
internal sealed class RemoteFixture : IAsyncDisposable
{
    private readonly HttpClient _http = new(new BoundedAnswers { InnerHandler = new SocketsHttpHandler() }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly List<RemoteEmbeddings> _made = [];

    private RemoteFixture(EmbeddingServer server) => Server = server;

    public EmbeddingServer Server { get; }

    public static async Task<RemoteFixture> StartAsync() => new(await EmbeddingServer.StartAsync());

    public RemoteEmbeddings OpenAi(Action<EmbeddingsOptions>? configure = null) => Make(
        new EmbeddingsOptions { Provider = EmbeddingsProvider.OpenAi, Model = "letters", Dimensions = 26, BaseUrl = Server.Url + "/v1", FirstPauseMilliseconds = 1, Retries = 3, QueryTimeoutMilliseconds = 60_000, ApiKey = "service-key" }, configure);

    public RemoteEmbeddings Bedrock(string model, Action<EmbeddingsOptions>? configure = null) => Make(
        new EmbeddingsOptions { Provider = EmbeddingsProvider.Bedrock, Model = model, Dimensions = 26, BaseUrl = Server.Url, Region = "eu-west-1", FirstPauseMilliseconds = 1, Retries = 3, QueryTimeoutMilliseconds = 60_000 }, configure);

    public async ValueTask DisposeAsync()
    {
        _made.ForEach(m => m.Dispose());
        _http.Dispose();
        await Server.DisposeAsync();
    }

    private RemoteEmbeddings Make(EmbeddingsOptions options, Action<EmbeddingsOptions>? configure)
    {
        configure?.Invoke(options);
        var made = new RemoteEmbeddings(options, _http, new SessionAWSCredentials("AKIDEXAMPLE", "secret/key+of=tests", "session-token"), TimeProvider.System, NullLogger.Instance);
        _made.Add(made);
        return made;
    }
}
