using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.Tests.Embeddings.Remote;

/// <summary>An embedding service on this machine: answers as OpenAI or as Bedrock does, by the path asked for, and misbehaves when told.</summary>
internal sealed class EmbeddingServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;
    private int _running;
    private int _mostRunning;

    private EmbeddingServer(WebApplication app) => _app = app;

    /// <summary>The vector of a text.</summary>
    public Func<string, float[]> Embed { get; set; } = Letters;

    /// <summary>Answers instead, by number of the request from 1; false to answer properly.</summary>
    public Func<HttpContext, int, Task<bool>> Instead { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Changes an answer before it is sent.</summary>
    public Action<JsonObject> Spoil { get; set; } = _ => { };

    public int Requests => Volatile.Read(ref _requests);

    public int MostRunning => Volatile.Read(ref _mostRunning);

    public ConcurrentQueue<ReceivedRequest> Received { get; } = new();

    public string Url => _app.Urls.First();

    /// <summary>How often each letter is there: vectors of 26 numbers.</summary>
    public static float[] Letters(string text) => [.. Enumerable.Range(0, 26).Select(i => (float)text.Count(c => char.ToLowerInvariant(c) == 'a' + i))];

    public static async Task<EmbeddingServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new EmbeddingServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var number = Interlocked.Increment(ref _requests);
        var running = Interlocked.Increment(ref _running);
        InterlockedMax(ref _mostRunning, running);
        try
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var bytes = body.ToArray();
            Received.Enqueue(new ReceivedRequest(http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), bytes));
            if (await Instead(http, number))
            {
                return;
            }

            var request = JsonNode.Parse(bytes)!.AsObject();
            var answer = http.Request.Path.Value switch
            {
                "/v1/embeddings" => OpenAi(request),
                _ when request.ContainsKey("inputText") => Titan(request),
                _ => Cohere(http, request),
            };
            Spoil(answer);
            http.Response.ContentType = "application/json";
            await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer));
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private JsonObject OpenAi(JsonObject request)
    {
        var texts = request["input"] is JsonArray list ? [.. list.Select(t => t!.GetValue<string>())] : new[] { request["input"]!.GetValue<string>() };
        var packed = request["encoding_format"]?.GetValue<string>() == "base64";

        // Backwards: a client must go by the index.
        var data = texts.Select((t, i) => new JsonObject
        {
            ["object"] = "embedding",
            ["index"] = i,
            ["embedding"] = packed ? Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(Embed(t))) : List(Embed(t)),
        }).Reverse();
        var tokens = texts.Sum(t => t.Length);
        return new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. data]),
            ["model"] = request["model"]!.GetValue<string>(),
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
        };
    }

    private JsonObject Titan(JsonObject request)
    {
        var text = request["inputText"]!.GetValue<string>();
        return new JsonObject { ["embedding"] = List(Embed(text)), ["inputTextTokenCount"] = text.Length };
    }

    private JsonObject Cohere(HttpContext http, JsonObject request)
    {
        var texts = request["texts"]!.AsArray().Select(t => t!.GetValue<string>()).ToArray();
        http.Response.Headers["X-Amzn-Bedrock-Input-Token-Count"] = $"{texts.Sum(t => t.Length)}";
        return new JsonObject { ["embeddings"] = new JsonObject { ["float"] = new JsonArray([.. texts.Select(t => List(Embed(t)))]) }, ["response_type"] = "embeddings_by_type" };
    }

    private static JsonArray List(float[] vector) => new([.. vector.Select(v => JsonValue.Create(v))]);

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
