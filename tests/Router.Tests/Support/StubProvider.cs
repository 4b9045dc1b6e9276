using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Router.Tests.Support;

/// <summary>A provider on this machine that speaks OpenAI's protocol, and misbehaves as told.</summary>
internal sealed class StubProvider : IAsyncDisposable
{
    /// <summary>The words of its answer; in a stream each is a piece.</summary>
    public static readonly string[] Words = ["Three", " drills", " fit", " your", " budget", "."];

    private readonly WebApplication _app;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests;

    private StubProvider(WebApplication app) => _app = app;

    /// <summary>Answers instead, by number of the request from 1; false to answer properly.</summary>
    public Func<HttpContext, int, Task<bool>> Instead { get; set; } = (_, _) => Task.FromResult(false);

    public int Requests => Volatile.Read(ref _requests);

    public ConcurrentQueue<JsonObject> Received { get; } = new();

    public ConcurrentQueue<string> Authorizations { get; } = new();

    /// <summary>Ends when a client has left in the middle.</summary>
    public Task Left => _left.Task;

    public Uri Url => new(_app.Urls.First() + "/v1");

    public static async Task<StubProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var stub = new StubProvider(app);
        app.Run(stub.AnswerAsync);
        await app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>An error in OpenAI's shape.</summary>
    public static Func<HttpContext, int, Task<bool>> Error(int status, string type = "server_error", string code = "oops", string? retryAfter = null) => async (http, _) =>
    {
        http.Response.StatusCode = status;
        if (retryAfter is not null)
        {
            http.Response.Headers.RetryAfter = retryAfter;
        }

        await http.Response.WriteAsync($$$"""{"error":{"message":"told by the stub","type":"{{{type}}}","param":null,"code":"{{{code}}}"}}""");
        return true;
    };

    /// <summary>Cuts the connection without an answer.</summary>
    public static Task<bool> CutAsync(HttpContext http, int number)
    {
        http.Abort();
        return Task.FromResult(true);
    }

    /// <summary>Streams some pieces and then does something else.</summary>
    public static Func<HttpContext, int, Task<bool>> Pieces(int count, Func<HttpContext, Task> then) => async (http, _) =>
    {
        http.Response.ContentType = "text/event-stream";
        for (var i = 0; i < count; i++)
        {
            await EventAsync(http, Chunk(Words[i % Words.Length], null));
        }

        await then(http);
        return true;
    };

    /// <summary>Says nothing until the client has left.</summary>
    public async Task SilenceAsync(HttpContext http)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            _left.TrySetResult();
        }
    }

    public static Task EventAsync(HttpContext http, string data) => FlushAsync(http, $"data: {data}\n\n");

    public static string Chunk(string? word, string? finish) =>
        $$"""{"id":"up-1","object":"chat.completion.chunk","created":1,"model":"upstream","choices":[{"index":0,"delta":{{(word is null ? "{}" : $$"""{"content":"{{word}}"}""")}},"finish_reason":{{(finish is null ? "null" : $"\"{finish}\"")}}}]}""";

    private static async Task FlushAsync(HttpContext http, string text)
    {
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
        await http.Response.Body.FlushAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var number = Interlocked.Increment(ref _requests);
        using var body = new StreamReader(http.Request.Body);
        var request = JsonNode.Parse(await body.ReadToEndAsync())!.AsObject();
        Received.Enqueue(request);
        Authorizations.Enqueue(http.Request.Headers.Authorization.ToString());
        if (await Instead(http, number))
        {
            return;
        }

        if (request["stream"]?.GetValue<bool>() == true)
        {
            http.Response.ContentType = "text/event-stream";
            foreach (var word in Words)
            {
                await EventAsync(http, Chunk(word, null));
            }

            await EventAsync(http, Chunk(null, "stop"));
            await EventAsync(http, """{"id":"up-1","object":"chat.completion.chunk","created":1,"model":"upstream","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":6,"total_tokens":17}}""");
            await EventAsync(http, "[DONE]");
            return;
        }

        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(
            $$$"""{"id":"up-1","object":"chat.completion","created":1,"model":"upstream","choices":[{"index":0,"message":{"role":"assistant","content":"{{{string.Concat(Words)}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":6,"total_tokens":17}}""");
    }
}
