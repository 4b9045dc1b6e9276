using System.Text;
using System.Text.Json;

namespace AiPlatform.Bench.Mcp;

/// <summary>The bytes of MCP requests, for both protocol eras. Made before the clock runs.</summary>
internal sealed class McpRequests(Uri url, string? key)
{
    public const string Modern = "2026-07-28";
    public const string Legacy = "2025-11-25";

    public byte[] Initialize() => Post(
        new { jsonrpc = "2.0", id = 0, method = "initialize", @params = new { protocolVersion = Legacy, capabilities = new { }, clientInfo = new { name = "bench", version = "1" } } });

    public byte[] Initialized(string session) => Post(
        new { jsonrpc = "2.0", method = "notifications/initialized" }, ("Mcp-Session-Id", session), ("MCP-Protocol-Version", Legacy));

    /// <summary>A call of the older revision: inside a session, or to a server without sessions.</summary>
    public byte[] LegacySearch(string? session, string query, string? catalog, int id)
    {
        var call = new { jsonrpc = "2.0", id, method = "tools/call", @params = new { name = "search_products", arguments = Arguments(query, catalog) } };
        return session is null ? Post(call, ("MCP-Protocol-Version", Legacy)) : Post(call, ("Mcp-Session-Id", session), ("MCP-Protocol-Version", Legacy));
    }

    /// <summary>A stateless call of the newer revision.</summary>
    public byte[] ModernSearch(string query, string? catalog, int id) => ModernSearch(Arguments(query, catalog), id);

    /// <summary>One page of a search, stateless; the first without a cursor.</summary>
    public byte[] ModernPage(string query, string? catalog, string mode, int pageSize, string? cursor, int id)
    {
        var arguments = Arguments(query, catalog);
        arguments["mode"] = mode;
        arguments["page_size"] = pageSize;
        if (cursor is not null)
        {
            arguments["cursor"] = cursor;
        }

        return ModernSearch(arguments, id);
    }

    private byte[] ModernSearch(Dictionary<string, object> arguments, int id)
    {
        var meta = new Dictionary<string, object>
        {
            ["io.modelcontextprotocol/protocolVersion"] = Modern,
            ["io.modelcontextprotocol/clientInfo"] = new { name = "bench", version = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = new { },
        };
        return Post(
            new { jsonrpc = "2.0", id, method = "tools/call", @params = new { name = "search_products", arguments, _meta = meta } },
            ("MCP-Protocol-Version", Modern),
            ("Mcp-Method", "tools/call"),
            ("Mcp-Name", "search_products"));
    }

    private static Dictionary<string, object> Arguments(string query, string? catalog)
    {
        var arguments = new Dictionary<string, object> { ["query"] = query };
        if (catalog is not null)
        {
            arguments["catalog"] = catalog;
        }

        return arguments;
    }

    private byte[] Post(object message, params (string Name, string Value)[] headers)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(message);
        var head = new StringBuilder()
            .Append("POST ").Append(url.PathAndQuery).Append(" HTTP/1.1\r\nHost: ").Append(url.Authority)
            .Append("\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: ").Append(body.Length).Append("\r\n");
        if (key is not null)
        {
            head.Append("X-API-Key: ").Append(key).Append("\r\n");
        }

        foreach (var (name, value) in headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. body];
    }
}
