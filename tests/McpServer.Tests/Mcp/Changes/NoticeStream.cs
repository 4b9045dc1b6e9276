using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Mcp.Changes;

/// <summary>A client's stream of notices as it comes over the wire, in either era.</summary>
internal sealed class NoticeStream : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private NoticeStream(HttpResponseMessage response, StreamReader reader, string? session)
    {
        _response = response;
        _reader = reader;
        Session = session;
    }

    /// <summary>Id of the session; null in the stateless revision.</summary>
    public string? Session { get; }

    /// <summary>What the stateless revision acknowledged.</summary>
    public JsonElement Acknowledged { get; private set; }

    /// <summary>Opens a stream that watches everything there is to watch, and the given resources.</summary>
    public static Task<NoticeStream> OpenAsync(TestServer server, string key, string version, params string[] uris) =>
        version == TestServer.Modern
            ? ListenAsync(server, key, new JsonObject { ["toolsListChanged"] = true, ["promptsListChanged"] = true, ["resourcesListChanged"] = true, ["resourceSubscriptions"] = new JsonArray([.. uris.Select(u => JsonValue.Create(u))]) })
            : OpenSessionAsync(server, key, version, uris);

    public static async Task<NoticeStream> ListenAsync(TestServer server, string key, JsonObject notifications, string id = "listen-1")
    {
        var request = RawMcp.Modern(key, "subscriptions/listen", new JsonObject { ["notifications"] = notifications }, id: id);
        var stream = await OpenAsync(server, request, null);
        stream.Acknowledged = await stream.NextAsync();
        Assert.Equal("notifications/subscriptions/acknowledged", stream.Acknowledged.GetProperty("method").GetString());
        return stream;
    }

    /// <summary>Sends a message in the session.</summary>
    public static async Task<JsonElement> SendAsync(TestServer server, string key, string session, string version, string message)
    {
        using var request = RawMcp.Post(key, message, session, version);
        using var response = await server.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return text.Length == 0 ? default : await RawMcp.MessageAsync(response);
    }

    /// <summary>The next message; fails when the stream ends before it.</summary>
    public async Task<JsonElement> NextAsync() => await ReadAsync() ?? throw new InvalidOperationException("The stream has ended.");

    /// <summary>Method, and for a resource its URI, of the next message.</summary>
    public async Task<string> NextNoticeAsync()
    {
        var message = await NextAsync();
        var method = message.GetProperty("method").GetString()!["notifications/".Length..];
        return message.TryGetProperty("params", out var parameters) && parameters.TryGetProperty("uri", out var uri) ? $"{method} {uri.GetString()}" : method;
    }

    /// <summary>The next message; null when the stream ends instead.</summary>
    public async Task<JsonElement?> ReadAsync()
    {
        // Comments keep the stream alive: the patience is for a message.
        using var patience = new CancellationTokenSource(Patience);
        while (await _reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("data: {", StringComparison.Ordinal))
            {
                return JsonElement.Parse(line["data: ".Length..]);
            }
        }

        return null;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }

    private static async Task<NoticeStream> OpenSessionAsync(TestServer server, string key, string version, string[] uris)
    {
        using var initialize = RawMcp.Post(key, RawMcp.Initialize.Replace(TestServer.Legacy, version, StringComparison.Ordinal));
        using var opened = await server.Http.SendAsync(initialize);
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        await SendAsync(server, key, session, version, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        var get = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        get.Headers.Add("X-API-Key", key);
        get.Headers.Add("Mcp-Session-Id", session);
        get.Headers.Accept.ParseAdd("text/event-stream");
        var stream = await OpenAsync(server, get, session);
        foreach (var uri in uris)
        {
            var answer = await SendAsync(server, key, session, version, Subscribe("resources/subscribe", uri));
            Assert.True(answer.TryGetProperty("result", out _), answer.GetRawText());
        }

        return stream;
    }

    public static string Subscribe(string method, string uri) =>
        new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 7, ["method"] = method, ["params"] = new JsonObject { ["uri"] = uri } }.ToJsonString();

    private static async Task<NoticeStream> OpenAsync(TestServer server, HttpRequestMessage request, string? session)
    {
        using (request)
        {
            var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(Patience);
            Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
            return new NoticeStream(response, new StreamReader(await response.Content.ReadAsStreamAsync()), session);
        }
    }
}
