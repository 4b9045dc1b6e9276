using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Mcp.Http;

public sealed class EndpointTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Ping = """{"jsonrpc":"2.0","id":7,"method":"ping"}""";

    public static TheoryData<string, string> Malformed => new()
    {
        { "not json", "hello" },
        { "nothing", "" },
        { "two messages", Ping + Ping },
        { "batch", $"[{Ping}]" },
        { "null id", """{"jsonrpc":"2.0","id":null,"method":"ping"}""" },
        { "fractional id", """{"jsonrpc":"2.0","id":1.5,"method":"ping"}""" },
        { "repeated key", """{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}""" },
        { "repeated key deep", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","arguments":{"a":{"b":1,"b":2}}}}""" },
        { "keys differing in case", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","Name":"search_products"}}""" },
        { "envelope key in another case", """{"jsonrpc":"2.0","id":1,"Method":"ping"}""" },
        { "escaped key in another case", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","\u004eame":"x"}}""" },
        { "NUL in a value", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"who\u0000ami"}}""" },
        { "NUL in a key", """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a\u0000":1}}""" },
        { "half a surrogate pair", """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"\ud800"}}""" },
        { "wrong version", """{"jsonrpc":"1.0","id":1,"method":"ping"}""" },
        { "params no object", """{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}""" },
        { "no method", """{"jsonrpc":"2.0","id":1}""" },
        { "too deep", """{"jsonrpc":"2.0","id":1,"method":"ping","params":""" + string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 41) },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Post_MalformedMessage_Answers400WithNullId(string what, string body)
    {
        using var request = RawMcp.Post(server.Europe, body, await server.OpenSessionAsync(server.Europe));
        using var response = await server.Http.SendAsync(request);

        var message = await RawMcp.MessageAsync(response);
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{what}: {response.StatusCode}");
        Assert.Equal(JsonValueKind.Null, message.GetProperty("id").ValueKind);
        Assert.Equal("malformed_message", Code(message));
    }

    [Fact]
    public async Task Post_BodyNotUtf8_Answers400()
    {
        using var request = RawMcp.Post(server.Europe, "x");
        request.Content = new ByteArrayContent([.. """{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":" """u8, 0xC3, 0x28, .. "\"}}"u8]);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("evil.example", null, HttpStatusCode.Forbidden, "host_not_allowed")]
    [InlineData("evil.example:5080", null, HttpStatusCode.Forbidden, "host_not_allowed")]
    [InlineData(null, "http://evil.example", HttpStatusCode.Forbidden, "origin_not_allowed")]
    [InlineData(null, "null", HttpStatusCode.Forbidden, "origin_not_allowed")]
    [InlineData(null, "http://localhost.evil.example", HttpStatusCode.Forbidden, "origin_not_allowed")]
    public async Task Post_ForeignHostOrOrigin_Answers403(string? host, string? origin, HttpStatusCode status, string code)
    {
        using var request = RawMcp.Post(server.Europe, RawMcp.Initialize);
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var response = await server.Http.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, Code(await RawMcp.MessageAsync(response)));
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Post_LoopbackOrigin_IsServed()
    {
        using var request = RawMcp.Post(server.Europe, RawMcp.Initialize);
        request.Headers.Add("Origin", "http://localhost:6274");
        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Post_ContentTypeNotJson_Answers415(string type)
    {
        using var request = RawMcp.Post(server.Europe, RawMcp.Initialize);
        request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_BodyOverTheCap_Answers413(bool knownLength)
    {
        using var request = RawMcp.Post(server.Europe, new string(' ', (1024 * 1024) + 1));
        request.Headers.TransferEncodingChunked = knownLength ? null : true;
        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    [InlineData("text/html")]
    public async Task Post_AcceptWithoutBothForms_Answers406(string accept)
    {
        using var request = RawMcp.Post(server.Europe, RawMcp.Initialize);
        request.Headers.Accept.Clear();
        request.Headers.Accept.ParseAdd(accept);
        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
    }

    [Fact]
    public async Task Post_UnsupportedVersion_Answers400WithTheSupportedOnes()
    {
        using var request = RawMcp.Post(server.Europe, Ping, version: "2030-01-01");
        using var response = await server.Http.SendAsync(request);

        var error = (await RawMcp.MessageAsync(response)).GetProperty("error");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(-32022, error.GetProperty("code").GetInt32());
        Assert.Equal("2030-01-01", error.GetProperty("data").GetProperty("requested").GetString());
        Assert.Contains(TestServer.Modern, error.GetProperty("data").GetProperty("supported").EnumerateArray().Select(v => v.GetString()));
    }

    [Fact]
    public async Task Post_InitializeWhoseHeaderDiffers_Answers400()
    {
        using var request = RawMcp.Post(server.Europe, RawMcp.Initialize, version: "2025-06-18");
        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(-32020, (await RawMcp.MessageAsync(response)).GetProperty("error").GetProperty("code").GetInt32());
    }

    public static TheoryData<string, int, HttpStatusCode, Action<HttpRequestMessage, JsonObject>> ModernFaults => new()
    {
        { "no method header", -32020, HttpStatusCode.BadRequest, (r, _) => r.Headers.Remove("Mcp-Method") },
        { "another method in the header", -32020, HttpStatusCode.BadRequest, (r, _) => { r.Headers.Remove("Mcp-Method"); r.Headers.Add("Mcp-Method", "tools/list"); } },
        { "no name header", -32020, HttpStatusCode.BadRequest, (r, _) => r.Headers.Remove("Mcp-Name") },
        { "another name in the header", -32020, HttpStatusCode.BadRequest, (r, _) => { r.Headers.Remove("Mcp-Name"); r.Headers.Add("Mcp-Name", "WHOAMI"); } },
        { "no meta", -32602, HttpStatusCode.BadRequest, (_, b) => b["params"]!.AsObject().Remove("_meta") },
        { "no capabilities", -32602, HttpStatusCode.BadRequest, (_, b) => b["params"]!["_meta"]!.AsObject().Remove("io.modelcontextprotocol/clientCapabilities") },
        { "capabilities no object", -32602, HttpStatusCode.BadRequest, (_, b) => b["params"]!["_meta"]!["io.modelcontextprotocol/clientCapabilities"] = 1 },
        { "another version in meta", -32020, HttpStatusCode.BadRequest, (_, b) => b["params"]!["_meta"]!["io.modelcontextprotocol/protocolVersion"] = "2025-11-25" },
        { "no version header", -32020, HttpStatusCode.BadRequest, (r, _) => r.Headers.Remove("MCP-Protocol-Version") },
        { "unknown method", -32601, HttpStatusCode.NotFound, (r, b) => { b["method"] = "nosuch"; r.Headers.Remove("Mcp-Method"); r.Headers.Add("Mcp-Method", "nosuch"); } },
        { "method of the older revisions", -32601, HttpStatusCode.NotFound, (r, b) => { b["method"] = "ping"; r.Headers.Remove("Mcp-Method"); r.Headers.Add("Mcp-Method", "ping"); } },
    };

    [Theory]
    [MemberData(nameof(ModernFaults))]
    public async Task Post_StatelessRequestAtOddsWithItself_IsRefusedWithItsId(string what, int code, HttpStatusCode status, Action<HttpRequestMessage, JsonObject> spoil)
    {
        using var request = RawMcp.Call(server.Europe, "whoami", "{}");
        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync())!.AsObject();
        body["id"] = "mine";
        spoil(request, body);
        request.Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var response = await server.Http.SendAsync(request);

        var message = await RawMcp.MessageAsync(response);
        Assert.True(status == response.StatusCode, $"{what}: {response.StatusCode} {message}");
        Assert.Equal(code, message.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal("mine", message.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Post_NameHeaderInBase64_IsDecoded()
    {
        using var request = RawMcp.Call(server.Europe, "whoami", "{}");
        request.Headers.Remove("Mcp-Name");
        request.Headers.Add("Mcp-Name", $"=?base64?{Convert.ToBase64String("whoami"u8)}?=");
        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False((await RawMcp.MessageAsync(response)).GetProperty("result").GetProperty("isError").GetBoolean());
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task GetAndDelete_StatelessRevision_Answer405(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/mcp");
        request.Headers.Add("X-API-Key", server.Europe);
        request.Headers.Add("MCP-Protocol-Version", TestServer.Modern);
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Post_Notification_Answers202WithoutContent()
    {
        using var request = RawMcp.Post(server.Europe, """{"jsonrpc":"2.0","method":"notifications/initialized"}""", await server.OpenSessionAsync(server.Europe));
        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Null(response.Content.Headers.ContentType);
    }

    [Fact]
    public async Task Answers_OfRequests_AreNeverCacheable()
    {
        using var request = RawMcp.Call(server.Europe, "whoami", "{}");
        using var response = await server.Http.SendAsync(request);

        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    private static string? Code(JsonElement message) => message.GetProperty("error").GetProperty("data").GetProperty("code").GetString();
}
