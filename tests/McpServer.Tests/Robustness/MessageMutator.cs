using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Robustness;

/// <summary>Valid requests of every method and both eras, and ways to spoil them. Everything follows from the random numbers it is given.</summary>
internal sealed class MessageMutator(Random random, string key)
{
    private const string Meta = """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}""";

    private static readonly (string Method, string Params, string? Name)[] Messages =
    [
        ("initialize", """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}""", null),
        ("ping", "{}", null),
        ("server/discover", "{}", null),
        ("tools/list", """{"cursor":"AAAA"}""", null),
        ("tools/call", """{"name":"whoami","arguments":{}}""", "whoami"),
        ("tools/call", """{"name":"search_products","arguments":{"catalog":"sample","query":"headphones","brands":["Auralis"],"price_min":1.5,"facets":["brand"],"specifications":[{"name":"color","operator":"in","values":["black"]}],"page_size":3}}""", "search_products"),
        ("tools/call", """{"name":"get_products","arguments":{"catalog":"sample","ids":["e-00","secret-1"]}}""", "get_products"),
        ("tools/call", """{"name":"find_similar_products","arguments":{"catalog":"sample","id":"e-00","size":3}}""", "find_similar_products"),
        ("tools/call", """{"name":"list_facets","arguments":{"catalog":"sample","fields":["brand"]}}""", "list_facets"),
        ("tools/call", """{"name":"suggest_queries","arguments":{"catalog":"sample","prefix":"o"},"_meta":{"progressToken":1}}""", "suggest_queries"),
        ("resources/list", "{}", null),
        ("resources/templates/list", "{}", null),
        ("resources/read", """{"uri":"product://sample/e-00"}""", "product://sample/e-00"),
        ("resources/subscribe", """{"uri":"product://sample/e-00"}""", null),
        ("resources/unsubscribe", """{"uri":"product://sample/e-00"}""", null),
        ("prompts/list", "{}", null),
        ("prompts/get", """{"name":"find_product","arguments":{"need":"a lamp"}}""", "find_product"),
        ("completion/complete", """{"ref":{"type":"ref/prompt","name":"find_product"},"argument":{"name":"need","value":"l"}}""", null),
        ("logging/setLevel", """{"level":"emergency"}""", null),
        ("tasks/get", """{"taskId":"t"}""", "t"),
        ("notifications/initialized", "{}", null),
        ("notifications/cancelled", """{"requestId":1}""", null),
        ("subscriptions/listen", """{"notifications":{"toolsListChanged":true}}""", null),
    ];

    /// <summary>The session that messages of the older revisions are sent in.</summary>
    public string Session { get; set; } = "";

    /// <summary>The next request, and whether its framing is broken so that the server may close the connection without an answer.</summary>
    public (byte[] Request, bool BrokenFraming) Next()
    {
        var (method, parameters, name) = Messages[random.Next(Messages.Length)];
        var modern = random.Next(2) == 0;
        var message = Message(method, parameters, modern);
        var body = Encoding.UTF8.GetBytes(random.Next(3) == 0 ? Spoil(message) : message.ToJsonString());
        body = random.Next(10) switch
        {
            0 => body[..random.Next(body.Length + 1)],
            1 => Flip(body),
            2 => Insert(body, Oddity()),
            3 => Duplicate(body),
            _ => body,
        };
        var headers = Headers(method, name, modern);
        if (random.Next(6) == 0)
        {
            SpoilHeaders(headers);
        }

        return random.Next(30) == 0 ? (Misframe(headers, body), true) : (Frame(headers, body, random.Next(10) == 0), false);
    }

    private JsonObject Message(string method, string parameters, bool modern)
    {
        var node = JsonNode.Parse(parameters)!.AsObject();
        if (modern)
        {
            node["_meta"] = JsonNode.Parse(Meta);
        }

        var message = new JsonObject { ["jsonrpc"] = "2.0", ["method"] = method, ["params"] = node };
        if (!method.StartsWith("notifications/", StringComparison.Ordinal))
        {
            message["id"] = random.Next(4) == 0 ? JsonValue.Create("id-" + random.Next(5)) : JsonValue.Create(random.Next(5));
        }

        return message;
    }

    private List<(string Name, string Value)> Headers(string method, string? name, bool modern)
    {
        List<(string, string)> headers = [("Host", "127.0.0.1"), ("X-API-Key", key), ("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream")];
        if (modern)
        {
            headers.Add(("MCP-Protocol-Version", TestServer.Modern));
            headers.Add(("Mcp-Method", method));
            if (name is not null)
            {
                headers.Add(("Mcp-Name", name));
            }
        }
        else if (method != "initialize" || random.Next(4) == 0)
        {
            headers.Add(("Mcp-Session-Id", Session));
        }

        return headers;
    }

    private void SpoilHeaders(List<(string Name, string Value)> headers)
    {
        var at = random.Next(1, headers.Count);
        var (name, value) = headers[at];
        switch (random.Next(5))
        {
            case 0:
                headers.RemoveAt(at);
                break;
            case 1:
                headers.Add((name, value + "x"));
                break;
            case 2:
                headers[at] = (name, new string((char)random.Next(33, 127), random.Next(3_000)));
                break;
            case 3:
                headers[at] = (name, "=?base64?" + value + "?=");
                break;
            default:
                headers.Add((random.Next(2) == 0 ? "Origin" : "X-Group-Context", random.Next(2) == 0 ? "https://evil.example" : "partners,,"));
                break;
        }
    }

    /// <summary>Replaces one value somewhere in the message by something else.</summary>
    private string Spoil(JsonObject message)
    {
        JsonNode at = message;
        while (true)
        {
            switch (at)
            {
                case JsonObject { Count: > 0 } members:
                    var member = members.ElementAt(random.Next(members.Count));
                    if (member.Value is null or JsonValue || random.Next(4) == 0)
                    {
                        members[member.Key] = Value();
                        return message.ToJsonString();
                    }

                    at = member.Value;
                    break;
                case JsonArray { Count: > 0 } items:
                    items[random.Next(items.Count)] = Value();
                    return message.ToJsonString();
                default:
                    return message.ToJsonString();
            }
        }
    }

    private JsonNode? Value() => random.Next(10) switch
    {
        0 => null,
        1 => JsonNode.Parse("1e400"),
        2 => JsonNode.Parse("-99999999999999999999999999"),
        3 => JsonValue.Create(""),
        4 => JsonValue.Create(new string('é', random.Next(2_000))),
        5 => new JsonArray(1, "2", new JsonObject()),
        6 => new JsonObject { ["$ref"] = "#" },
        7 => JsonValue.Create("a\0b"),
        8 => JsonValue.Create(true),
        _ => Nested(random.Next(60)),
    };

    private static JsonNode Nested(int depth)
    {
        JsonNode inner = JsonValue.Create(1);
        for (var i = 0; i < depth; i++)
        {
            inner = new JsonArray(inner);
        }

        return inner;
    }

    private byte[] Flip(byte[] body)
    {
        var spoiled = (byte[])body.Clone();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            spoiled[random.Next(spoiled.Length)] ^= (byte)(1 << random.Next(8));
        }

        return spoiled;
    }

    private byte[] Insert(byte[] body, byte[] odd)
    {
        var at = random.Next(body.Length + 1);
        return [.. body.AsSpan(0, at), .. odd, .. body.AsSpan(at)];
    }

    private byte[] Oddity() => random.Next(8) switch
    {
        0 => [0],
        1 => [0xFF, 0xFE],
        2 => [0xC0, 0x80],
        3 => [0xED, 0xA0, 0x80],
        4 => [0xEF, 0xBB, 0xBF],
        5 => "\\ud800"u8.ToArray(),
        6 => "{\"a\":"u8.ToArray(),
        _ => Encoding.UTF8.GetBytes(new string('[', random.Next(100))),
    };

    /// <summary>Repeats a key of the message, as it is or in another case.</summary>
    private byte[] Duplicate(byte[] body)
    {
        string[] keys = ["id", "method", "params", "METHOD", "Id", "name", "Name", "jsonrpc"];
        var brace = Array.IndexOf(body, (byte)'{', random.Next(2) == 0 ? 0 : body.Length / 2);
        return brace < 0 ? body : [.. body.AsSpan(0, brace + 1), .. Encoding.UTF8.GetBytes($"\"{keys[random.Next(keys.Length)]}\":1,"), .. body.AsSpan(brace + 1)];
    }

    private byte[] Frame(List<(string Name, string Value)> headers, byte[] body, bool chunked)
    {
        if (!chunked)
        {
            return [.. Head("POST", headers, body.Length), .. body];
        }

        headers.Add(("Transfer-Encoding", "chunked"));
        var cut = random.Next(body.Length + 1);
        using var framed = new MemoryStream();
        framed.Write(Head("POST", headers, null));
        foreach (var part in (byte[][])[body[..cut], body[cut..]])
        {
            if (part.Length > 0)
            {
                framed.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{part.Length:x}\r\n")));
                framed.Write(part);
                framed.Write("\r\n"u8);
            }
        }

        framed.Write("0\r\n\r\n"u8);
        return framed.ToArray();
    }

    private byte[] Misframe(List<(string Name, string Value)> headers, byte[] body)
    {
        switch (random.Next(7))
        {
            case 0:
                return [.. Head("POST", headers, body.Length + random.Next(1, 100)), .. body];
            case 1:
                return [.. Head("POST", headers, Math.Max(0, body.Length - random.Next(1, 10))), .. body];
            case 2:
                headers.Add(("Transfer-Encoding", "chunked"));
                return [.. Head("POST", headers, body.Length), .. body];
            case 3:
                headers.Add(("Transfer-Encoding", "chunked"));
                return [.. Head("POST", headers, null), .. "zz\r\n"u8, .. body];
            case 4:
                headers.Add(("Content-Length", "-1"));
                return [.. Head("POST", headers, null), .. body];
            case 5:
                return [.. Head(random.Next(2) == 0 ? "GET" : "DELETE", headers.Where(h => h.Name != "Mcp-Session-Id").ToList(), body.Length), .. body];
            default:
                return Flip([.. Head("POST", headers, body.Length), .. body]);
        }
    }

    private static byte[] Head(string method, List<(string Name, string Value)> headers, int? length)
    {
        var head = new StringBuilder().Append(method).Append(" /mcp HTTP/1.1\r\n");
        foreach (var (name, value) in headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        if (length is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n");
        }

        return Encoding.Latin1.GetBytes(head.Append("\r\n").ToString());
    }
}
