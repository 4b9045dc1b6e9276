using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>Messages as bytes on the wire, for what a well-behaved client never sends.</summary>
internal static class RawMcp
{
    public const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    private const string Meta = """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}""";

    public static HttpRequestMessage Post(string? key, string body, string? session = null, string? version = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        // A credential that names its scheme is a token.
        Add(request, key?.StartsWith("Bearer ", StringComparison.Ordinal) == true ? "Authorization" : "X-API-Key", key);
        Add(request, "Mcp-Session-Id", session);
        Add(request, "MCP-Protocol-Version", version);
        return request;
    }

    /// <summary>A request of the stateless revision with headers that agree.</summary>
    public static HttpRequestMessage Modern(string key, string method, JsonObject? parameters = null, string? name = null, JsonNode? id = null)
    {
        parameters ??= [];
        parameters["_meta"] = JsonNode.Parse(Meta);
        var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id ?? 1, ["method"] = method, ["params"] = parameters };
        var request = Post(key, body.ToJsonString(), version: TestServer.Modern);
        request.Headers.Add("Mcp-Method", method);
        Add(request, "Mcp-Name", name);
        return request;
    }

    public static HttpRequestMessage Call(string key, string tool, string arguments) =>
        Modern(key, "tools/call", new JsonObject { ["name"] = tool, ["arguments"] = JsonNode.Parse(arguments) }, tool);

    /// <summary>Calls a tool in the stateless revision and answers the whole JSON-RPC message.</summary>
    public static async Task<JsonElement> CallAsync(this TestServer server, string key, string tool, string arguments)
    {
        using var request = Call(key, tool, arguments);
        using var response = await server.Http.SendAsync(request);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }

    /// <summary>Opens a session and answers its id.</summary>
    public static async Task<string> OpenSessionAsync(this TestServer server, string key)
    {
        using var request = Post(key, Initialize);
        using var response = await server.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    /// <summary>The message in an answer, whichever form it has.</summary>
    public static async Task<JsonElement> MessageAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        var data = text.LastIndexOf("data: ", StringComparison.Ordinal);
        return JsonElement.Parse(data < 0 ? text : text[(data + 6)..].Split('\n')[0]);
    }

    private static void Add(HttpRequestMessage request, string header, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }
    }
}
