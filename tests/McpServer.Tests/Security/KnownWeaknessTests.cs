using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Security;

/// <summary>Weaknesses published of other MCP servers, each by its number: this server does not have them.</summary>
public sealed class KnownWeaknessTests(TestServer server) : IClassFixture<TestServer>
{
    private const int Rounds = 150;

    /// <summary>DNS rebinding: a page's own host name that points here (CVE-2025-66414), with a port or prefix that looks right (CVE-2026-34742), on every verb (CVE-2026-42559).</summary>
    [Theory]
    [InlineData("attacker.example")]
    [InlineData("attacker.example:80")]
    [InlineData("localhost.attacker.example")]
    [InlineData("127.0.0.1.nip.io")]
    [InlineData("127.0.0.1@attacker.example")]
    [InlineData("attacker.example#localhost")]
    [InlineData("0.0.0.0")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("")]
    public async Task CVE_2025_66414_CVE_2026_34742_CVE_2026_42559_ForeignHost_IsRefused(string host)
    {
        foreach (var verb in (string[])["POST", "GET", "DELETE"])
        {
            using var connection = new RawConnection(server.Address);
            var request = $"{verb} /mcp HTTP/1.1\r\nHost: {host}\r\nX-API-Key: {server.Europe}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: {RawMcp.Initialize.Length}\r\n\r\n{RawMcp.Initialize}";
            await connection.SendAsync(Encoding.ASCII.GetBytes(request));
            var answer = await connection.ReadAsync(_ => false, EventReader.Patience);

            Assert.True(answer!.Status is 403 or 400, $"{verb} {host}: {answer.Status}");
            Assert.False(answer.Headers.ContainsKey("Mcp-Session-Id"));
        }
    }

    /// <summary>A page can post text/plain without asking first: such a message must not run.</summary>
    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/plain; application/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/jsonp")]
    [InlineData("text/json")]
    [InlineData("")]
    public async Task CVE_2026_33252_CrossSitePost_DoesNotRun(string type)
    {
        var before = server.Sessions.Count;
        using var request = RawMcp.Post(server.Europe, RawMcp.Initialize);
        request.Content!.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal(before, server.Sessions.Count);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    /// <summary>Two callers at once, with the same request ids on purpose, in both eras and mixed: nobody gets another's answer.</summary>
    [Fact]
    public async Task CVE_2026_25536_CallersAtOnce_NeverGetAnothersAnswer()
    {
        var sessions = new Dictionary<string, string>();
        foreach (var key in (string[])[server.Europe, server.America, server.Partner, server.Administrator])
        {
            sessions[key] = await server.OpenSessionAsync(key);
        }

        await Task.WhenAll(sessions.SelectMany(s => Enumerable.Range(0, 4).Select(lane => AskAsync(s.Key, s.Value, lane))));
    }

    /// <summary>Keys that one reader takes for the protocol's and another does not.</summary>
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/list","Method":"tools/call"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"METHOD":"tools/call","params":{"name":"whoami"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","Params":{"name":"whoami"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","NAME":"search_products"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","arguments":{},"Arguments":{"a":1}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name\u0000":"x","name":"whoami"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","arguments":{"a\u0000b":1}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call\u0000","params":{"name":"whoami"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","\u006dethod":"ping","params":{"name":"whoami"}}""")]
    public async Task CVE_2026_27896_AmbiguousKeys_AreRefused(string body)
    {
        foreach (var session in (string?[])[null, await server.OpenSessionAsync(server.Europe)])
        {
            using var request = RawMcp.Post(server.Europe, body, session);
            using var response = await server.Http.SendAsync(request);

            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Equal(JsonValueKind.Null, (await RawMcp.MessageAsync(response)).GetProperty("id").ValueKind);
        }
    }

    /// <summary>Keys of the protocol in another case, at any depth: the SDK alone would act on them.</summary>
    [Theory]
    [InlineData("completion/complete", """{"Ref":{"type":"ref/prompt","name":"find_product"},"Argument":{"name":"need","value":"l"}}""")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/prompt","name":"find_product"},"argument":{"name":"need","Value":"l"}}""")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/prompt","name":"find_product"},"argument":{"name":"need","value":"l"},"context":{"Arguments":{"catalog":"sample"}}}""")]
    [InlineData("subscriptions/listen", """{"Notifications":{"ToolsListChanged":true}}""")]
    [InlineData("subscriptions/listen", """{"notifications":{"RESOURCESubscriptions":["product://sample/e-00"]}}""")]
    [InlineData("logging/setLevel", """{"Level":"debug"}""")]
    [InlineData("tools/list", """{"Cursor":"x"}""")]
    [InlineData("tools/call", """{"NAME":"whoami"}""")]
    [InlineData("tools/call", """{"name":"whoami","Arguments":{}}""")]
    [InlineData("resources/read", """{"Uri":"product://sample/e-00"}""")]
    [InlineData("initialize", """{"protocolVersion":"2025-11-25","capabilities":{"Roots":{}},"clientInfo":{"name":"t","version":"1"}}""")]
    [InlineData("notifications/cancelled", """{"RequestId":1}""")]
    public async Task CVE_2026_27896_KeysInAnotherCase_AreRefused(string method, string parameters)
    {
        var isNotification = method.StartsWith("notifications/", StringComparison.Ordinal);
        var body = $$"""{"jsonrpc":"2.0",{{(isNotification ? "" : "\"id\":1,")}}"method":"{{method}}","params":{{parameters}}}""";
        using var legacy = RawMcp.Post(server.Europe, body, method == "initialize" ? null : await server.OpenSessionAsync(server.Europe));
        await AssertMalformedAsync(legacy);
        if (method is "completion/complete" or "subscriptions/listen" or "tools/list")
        {
            using var modern = RawMcp.Modern(server.Europe, method, JsonNode.Parse(parameters)!.AsObject());
            await AssertMalformedAsync(modern);
        }
    }

    /// <summary>What is the client's own may be written as it likes.</summary>
    [Theory]
    [InlineData("tools/call", """{"name":"whoami","_meta":{"Cursor":1,"URI":2,"nested":{"Name":3}}}""")]
    [InlineData("initialize", """{"protocolVersion":"2025-11-25","capabilities":{"experimental":{"Roots":{"ListChanged":1}}},"clientInfo":{"name":"t","version":"1"}}""")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/prompt","name":"find_product"},"argument":{"name":"need","value":"l"},"context":{"arguments":{"Name":"x","REF":"y"}}}""")]
    public async Task CVE_2026_27896_FreeKeys_AreTheClientsOwn(string method, string parameters)
    {
        var body = $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""";
        using var request = RawMcp.Post(server.Europe, body, method == "initialize" ? null : await server.OpenSessionAsync(server.Europe));
        using var response = await server.Http.SendAsync(request);

        Assert.True((await RawMcp.MessageAsync(response)).TryGetProperty("result", out _));
    }

    /// <summary>URIs made to send a template's pattern into endless backtracking are answered in no time.</summary>
    [Fact]
    public async Task CVE_2026_0621_HostileUris_AreAnsweredAtOnce()
    {
        string[] hostile =
        [
            "product://" + new string('/', 50_000),
            "product://" + new string('a', 100_000) + "!",
            "product://sample/" + string.Concat(Enumerable.Repeat("%25", 30_000)),
            "product://sample/" + string.Concat(Enumerable.Repeat("%", 50_000)),
            "product://" + string.Concat(Enumerable.Repeat("a/", 50_000)) + "\u00e9",
            "product://{catalog}/{id}" + new string('}', 50_000),
            "product://sample/" + new string(',', 90_000) + "/x",
            "catalog://" + new string('.', 100_000),
            "product:" + new string('\t', 10_000) + "//sample/e-00",
        ];
        var session = await server.OpenSessionAsync(server.Europe);
        foreach (var uri in hostile)
        {
            using var warm = Read("product://sample/nosuch", session);
            using var first = await server.Http.SendAsync(warm);
            using var request = Read(uri, session);
            var begun = Stopwatch.GetTimestamp();
            using var response = await server.Http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();

            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(2), $"{uri[..20]}: {Stopwatch.GetElapsedTime(begun)}");
            Assert.True((int)response.StatusCode < 500, text);
            Assert.Contains("\"error\"", text, StringComparison.Ordinal);
        }
    }

    /// <summary>Filters made to be taken for another language's syntax are values like any other, or refused.</summary>
    [Theory]
    [InlineData("""{"brands":["x' OR '1'='1"]}""")]
    [InlineData("""{"brands":["*"]}""")]
    [InlineData("""{"categories":["\"} ] , \"match_all\": {"]}""")]
    [InlineData("""{"specifications":[{"name":"color; DROP TABLE products","operator":"exists"}]}""")]
    [InlineData("""{"specifications":[{"name":"../../accessLevel","operator":"exists"}]}""")]
    [InlineData("""{"specifications":[{"name":"accessLevel","operator":"in","values":["Confidential"]}]}""")]
    [InlineData("""{"specifications":[{"name":"color","operator":"script","values":["x"]}]}""")]
    [InlineData("""{"specifications":[{"name":"color","operator":"in","values":[{"$ne":null}]}]}""")]
    [InlineData("""{"query":"zephyrine OR *:* _exists_:codename"}""")]
    [InlineData("""{"query":"(((((((((((((((((((((((((((((((((((("}""")]
    [InlineData("""{"query":"\"zephyrine"}""")]
    [InlineData("""{"facets":["accessLevel","allowedGroups"]}""")]
    [InlineData("""{"groups":["administrators"]}""")]
    [InlineData("""{"price_min":1e308}""")]
    public async Task CVE_2025_66335_HostileFilters_RevealNothing(string arguments)
    {
        var json = JsonNode.Parse(arguments)!.AsObject();
        json["catalog"] = TestCatalog.Name;
        var message = await server.CallAsync(server.Europe, "search_products", json.ToJsonString());
        var text = message.GetProperty("result").GetRawText();

        Assert.DoesNotContain(TestCatalog.SecretId, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Mystique", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        if (!message.GetProperty("result").GetProperty("isError").GetBoolean())
        {
            var visible = server.Index.Visible(server.ScopeOf(server.Europe), TestCatalog.Name);
            Assert.All(
                message.GetProperty("result").GetProperty("structuredContent").GetProperty("products").EnumerateArray(),
                p => Assert.Contains(visible, v => v.Id == p.GetProperty("id").GetString()));
        }
    }

    /// <summary>GHSA-f6c5-f2ph-7x7p: a session id is no key. Whoever presents another's is refused, on every verb, and the session lives.</summary>
    [Fact]
    public async Task GHSA_f6c5_f2ph_7x7p_SessionOfAnother_IsRefused()
    {
        var session = await server.OpenSessionAsync(server.Europe);
        foreach (var thief in (string?[])[server.America, server.Administrator, "aip_0_wrong", null])
        {
            foreach (var verb in (string[])["POST", "GET", "DELETE"])
            {
                using var request = RawMcp.Post(thief, """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", session);
                request.Method = new HttpMethod(verb);
                request.Content = verb == "POST" ? request.Content : null;
                using var response = await server.Http.SendAsync(request);

                Assert.Equal(thief is null or "aip_0_wrong" ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, response.StatusCode);
            }
        }

        using var own = RawMcp.Post(server.Europe, """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", session);
        using var served = await server.Http.SendAsync(own);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    /// <summary>A stream of bytes that is no HTTP, or ends in the middle, costs its own connection and nothing else.</summary>
    [Theory]
    [InlineData("\0\0\0\0\0\0")]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n")]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n")]
    public async Task MalformedStream_CostsOnlyItsOwnConnection(string bytes)
    {
        using var connection = new RawConnection(server.Address);
        await connection.SendAsync(Encoding.Latin1.GetBytes(bytes), end: true);
        var answer = await connection.ReadAsync(_ => false, EventReader.Patience);

        Assert.True(answer is null || answer.Status is >= 400 and < 500, $"{answer?.Status}");
        Assert.True((await server.CallAsync(server.Europe, "whoami", "{}")).TryGetProperty("result", out _));
    }

    private async Task AssertMalformedAsync(HttpRequestMessage request)
    {
        using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("malformed_message", (await RawMcp.MessageAsync(response)).GetProperty("error").GetProperty("data").GetProperty("code").GetString());
    }

    private async Task AskAsync(string key, string session, int lane)
    {
        var subject = server.ScopeOf(key).Subject;
        var visible = server.Index.Visible(server.ScopeOf(key), TestCatalog.Name).Count;
        for (var i = 0; i < Rounds; i++)
        {
            // The same ids for every caller; calls of one session must differ.
            var id = (lane * 3) + (i % 3);
            var whoAmI = (i + lane) % 2 == 0;
            var tool = whoAmI ? "whoami" : "search_products";
            var parameters = new JsonObject { ["name"] = tool, ["arguments"] = whoAmI ? new JsonObject() : new JsonObject { ["catalog"] = TestCatalog.Name } };
            // A token sends the call the SDK's way, so that both ways are mixed as well.
            if (i % 5 == 0)
            {
                parameters["_meta"] = new JsonObject { ["progressToken"] = 1 };
            }

            var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = "tools/call", ["params"] = parameters };
            using var request = lane % 2 == 0
                ? RawMcp.Post(key, body.ToJsonString(), session)
                : RawMcp.Modern(key, "tools/call", parameters.DeepClone().AsObject(), tool, id);
            using var response = await server.Http.SendAsync(request);
            var message = await RawMcp.MessageAsync(response);
            var structured = message.GetProperty("result").GetProperty("structuredContent");

            Assert.Equal(id, message.GetProperty("id").GetInt32());
            Assert.True(whoAmI ? structured.GetProperty("subject").GetString() == subject : structured.GetProperty("total").GetInt32() == visible, message.GetRawText());
        }
    }

    private HttpRequestMessage Read(string uri, string session)
    {
        var name = uri.All(c => c is >= ' ' and <= '~') && uri.Length < 8_000 ? uri : null;
        if (name is not null)
        {
            return RawMcp.Modern(server.Europe, "resources/read", new JsonObject { ["uri"] = uri }, name);
        }

        // Too long for a header: by a session, which needs none.
        var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "resources/read", ["params"] = new JsonObject { ["uri"] = uri } };
        return RawMcp.Post(server.Europe, body.ToJsonString(), session);
    }
}
