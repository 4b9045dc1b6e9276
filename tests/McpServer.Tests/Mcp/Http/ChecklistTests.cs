using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Tests.Mcp.Http;

/// <summary>
/// The endpoint's checklist line by line: status, codes, headers and whose id the answer carries. A request with several faults is
/// answered for the first of them in the list's order.
/// </summary>
public sealed class ChecklistTests(ChecklistTests.Server fixture) : IClassFixture<ChecklistTests.Server>
{
    private const string Unknown = "00000000000000000000000000000000";
    private const string Console = "https://console.example.com";

    private static readonly Dictionary<string, Case> Cases = new()
    {
        // 1. Host, Origin.
        ["1 foreign host, before everything else"] = new(403, "host_not_allowed", c => Context.With(c.Plain("", "text/plain", accept: null), r => r.Headers.Host = "evil.example")),
        ["1 foreign host on GET"] = new(403, "host_not_allowed", c => Context.With(c.Get(c.Session), r => r.Headers.Host = "127.0.0.1.evil.example:80")),
        ["1 foreign host on DELETE"] = new(403, "host_not_allowed", c => Context.With(c.Delete(c.Session), r => r.Headers.Host = "evil.example")),
        ["1 foreign origin"] = new(403, "origin_not_allowed", c => Context.With(c.Initialize(), r => r.Headers.Add("Origin", "https://evil.example"))),
        ["1 null origin"] = new(403, "origin_not_allowed", c => Context.With(c.Initialize(), r => r.Headers.Add("Origin", "null"))),
        ["1 origin of a file"] = new(403, "origin_not_allowed", c => Context.With(c.Initialize(), r => r.Headers.Add("Origin", "file://"))),
        ["1 star as origin"] = new(403, "origin_not_allowed", c => Context.With(c.Initialize(), r => r.Headers.TryAddWithoutValidation("Origin", "*"))),
        ["1 loopback origin"] = new(200, null, c => Context.With(c.Initialize(), r => r.Headers.Add("Origin", "http://127.0.0.1:6274"))) { Check = (_, r) => AssertReadableBy("http://127.0.0.1:6274", r) },
        ["1 configured origin"] = new(200, null, c => Context.With(c.Modern("tools/list"), r => r.Headers.Add("Origin", Console))) { Id = "mine", Check = (_, r) => AssertReadableBy(Console, r) },
        ["1 no origin"] = new(200, null, c => c.Initialize()) { Check = (_, r) => Assert.DoesNotContain(r.Headers, h => h.Key.StartsWith("Access-Control-", StringComparison.Ordinal)) },
        ["1 foreign origin may not read its refusal"] = new(403, "origin_not_allowed", c => Context.With(c.Initialize(), r => r.Headers.Add("Origin", "https://evil.example"))) { Check = (_, r) => Assert.False(r.Headers.Contains("Access-Control-Allow-Origin")) },
        ["1 preflight of a configured origin"] = new(204, null, c => Preflight(c, Console)) { Check = (_, r) => AssertPreflight(Console, r) },
        ["1 preflight of a loopback origin"] = new(204, null, c => Preflight(c, "http://localhost:6274")) { Check = (_, r) => AssertPreflight("http://localhost:6274", r) },
        ["1 preflight of a foreign origin"] = new(403, "origin_not_allowed", c => Preflight(c, "https://evil.example")) { Check = (_, r) => Assert.False(r.Headers.Contains("Access-Control-Allow-Origin")) },
        ["1 preflight to a foreign host"] = new(403, "host_not_allowed", c => Context.With(Preflight(c, Console), r => r.Headers.Host = "evil.example")),
        // 2. Authentication.
        ["2 no key, before the content type"] = new(401, "api_key_missing", c => c.Plain("", "text/plain", accept: null, key: null)) { Check = (_, r) => Assert.Equal("realm=\"aiplatform\"", r.Headers.WwwAuthenticate.Single().Parameter) },
        ["2 wrong key"] = new(401, "api_key_invalid", c => c.Plain(RawMcp.Initialize, "application/json", key: "aip_0_wrong")) { Check = (_, r) => Assert.Contains("invalid_token", r.Headers.WwwAuthenticate.Single().Parameter, StringComparison.Ordinal) },
        ["2 no key, from a page"] = new(401, "api_key_missing", c => Context.With(c.Plain(RawMcp.Initialize, "application/json", key: null), r => r.Headers.Add("Origin", Console))) { Check = (_, r) => AssertReadableBy(Console, r) },
        ["2 no key on GET"] = new(401, "api_key_missing", c => Context.With(c.Get(c.Session), r => r.Headers.Remove("X-API-Key"))),
        ["2 no key on DELETE"] = new(401, "api_key_missing", c => Context.With(c.Delete(c.Session), r => r.Headers.Remove("X-API-Key"))),
        // 3. Content type, size, rate.
        ["3 text/plain, before the size"] = new(415, "content_type_not_json", c => c.Plain(new string(' ', 2_000_000), "text/plain")),
        ["3 no content type"] = new(415, "content_type_not_json", c => Context.With(c.Initialize(), r => r.Content!.Headers.ContentType = null)),
        ["3 too large, before Accept"] = new(413, "body_too_large", c => c.Plain(new string(' ', 2_000_000), "application/json", accept: null)),
        ["3 charset"] = new(200, null, c => c.Plain(RawMcp.Initialize, "application/json; charset=UTF-8")),
        ["3 quoted charset"] = new(200, null, c => c.Plain(RawMcp.Initialize, "application/json; charset=\"utf-8\"")),
        ["3 another charset"] = new(415, "content_type_not_json", c => c.Plain(RawMcp.Initialize, "application/json; charset=utf-16")),
        // 4. Accept.
        ["4 no Accept, before the message"] = new(406, "accept_missing", c => c.Plain("nonsense", "application/json", accept: null)),
        ["4 Accept of one form"] = new(406, "accept_missing", c => c.Plain(RawMcp.Initialize, "application/json", accept: "application/json")),
        ["4 Accept with a form refused"] = new(406, "accept_missing", c => c.Plain(RawMcp.Initialize, "application/json", accept: "application/json, text/event-stream;q=0")),
        ["4 Accept with JSON refused"] = new(406, "accept_missing", c => c.Plain(RawMcp.Initialize, "application/json", accept: "application/json;q=0, text/event-stream")),
        ["4 Accept with JSON refused beside anything"] = new(406, "accept_missing", c => c.Plain(RawMcp.Initialize, "application/json", accept: "*/*, application/json;q=0.0")),
        ["4 Accept with a charset"] = new(200, null, c => c.Plain(RawMcp.Initialize, "application/json", accept: "application/json;charset=utf-8, text/event-stream")),
        ["4 Accept of parts"] = new(200, null, c => c.Plain(RawMcp.Initialize, "application/json", accept: "application/*;q=0.5, TEXT/event-stream;q=0.1")),
        ["4 Accept of anything"] = new(200, null, c => c.Plain(RawMcp.Initialize, "application/json", accept: "*/*")),
        // 5. One message.
        ["5 malformed, before the version"] = new(400, "malformed_message", c => Context.With(c.Plain("{", "application/json"), r => r.Headers.Add("MCP-Protocol-Version", "2030-01-01"))) { RpcCode = -32700 },
        ["5 batch"] = new(400, "malformed_message", c => c.Plain($"[{RawMcp.Initialize}]", "application/json")) { RpcCode = -32700 },
        ["5 null id"] = new(400, "malformed_message", c => c.Plain("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", "application/json")) { RpcCode = -32600 },
        ["5 method and result"] = new(400, "malformed_message", c => c.Plain("""{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}""", "application/json")) { RpcCode = -32600 },
        ["5 method and error"] = new(400, "malformed_message", c => c.Plain("""{"jsonrpc":"2.0","method":"notifications/initialized","error":{"code":1,"message":"x"}}""", "application/json")) { RpcCode = -32600 },
        ["5 repeated key deep down"] = new(400, "malformed_message", c => c.Plain("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":[{"b":1,"b":1}]}}""", "application/json")) { RpcCode = -32700 },
        // 7. Version.
        ["7 unknown version"] = new(400, "unsupported_version", c => c.Post("ping", version: "2030-01-01")) { RpcCode = -32022, Id = "mine", Check = (m, _) => Assert.Equal("2030-01-01", m.GetProperty("error").GetProperty("data").GetProperty("requested").GetString()) },
        ["7 two versions"] = new(400, "unsupported_version", c => Context.With(c.Post("ping", version: "2025-11-25"), r => r.Headers.TryAddWithoutValidation("MCP-Protocol-Version", "2025-06-18"))) { RpcCode = -32022, Id = "mine" },
        ["7 modern metadata without header"] = new(400, "version_mismatch", c => Context.With(c.Call("whoami"), r => r.Headers.Remove("MCP-Protocol-Version"))) { RpcCode = -32020, Id = "mine" },
        ["7 initialize at odds with its header"] = new(400, "version_mismatch", c => Context.With(c.Initialize(), r => r.Headers.Add("MCP-Protocol-Version", "2025-06-18"))) { RpcCode = -32020, NumberId = 1 },
        ["7 no header is an older revision"] = new(200, null, c => c.Post("ping", c.Session)) { Id = "mine" },
        ["7 unknown version on GET"] = new(400, "unsupported_version", c => Context.With(c.Get(c.Session), r => r.Headers.Add("MCP-Protocol-Version", "2030-01-01"))) { RpcCode = -32022 },
        ["7 unknown version on DELETE"] = new(400, "unsupported_version", c => Context.With(c.Delete(c.Session), r => r.Headers.Add("MCP-Protocol-Version", "2030-01-01"))) { RpcCode = -32022 },
        ["7 known version on DELETE"] = new(200, null, c => Context.With(c.Delete(c.Session), r => r.Headers.Add("MCP-Protocol-Version", "2025-11-25"))),
        // 8. The stateless revision.
        ["8 no metadata"] = new(400, "meta_missing", c => c.Modern("tools/list", p => p.Remove("_meta"))) { RpcCode = -32602, Id = "mine" },
        ["8 no version in the metadata"] = new(400, "meta_missing", c => c.Modern("tools/list", p => p["_meta"]!.AsObject().Remove(MetaKeys.ProtocolVersion))) { RpcCode = -32602, Id = "mine" },
        ["8 another version in the metadata"] = new(400, "version_mismatch", c => c.Modern("tools/list", p => p["_meta"]![MetaKeys.ProtocolVersion] = "2025-11-25")) { RpcCode = -32020, Id = "mine" },
        ["8 capabilities no object"] = new(400, "meta_missing", c => c.Modern("tools/list", p => p["_meta"]![MetaKeys.ClientCapabilities] = true)) { RpcCode = -32602, Id = "mine" },
        ["8 no method header"] = new(400, "method_mismatch", c => Context.With(c.Modern("tools/list"), r => r.Headers.Remove("Mcp-Method"))) { RpcCode = -32020, Id = "mine" },
        ["8 method header in another case"] = new(400, "method_mismatch", c => Context.With(c.Modern("tools/list"), r => { r.Headers.Remove("Mcp-Method"); r.Headers.Add("Mcp-Method", "Tools/list"); })) { RpcCode = -32020, Id = "mine" },
        ["8 two method headers"] = new(400, "method_mismatch", c => Context.With(c.Modern("tools/list"), r => r.Headers.Add("Mcp-Method", "tools/list"))) { RpcCode = -32020, Id = "mine" },
        ["8 name header of another tool"] = new(400, "name_mismatch", c => Context.With(c.Call("whoami"), r => { r.Headers.Remove("Mcp-Name"); r.Headers.Add("Mcp-Name", "search_products"); })) { RpcCode = -32020, Id = "mine" },
        ["8 name header for a prompt"] = new(400, "name_mismatch", c => c.Modern("prompts/get", p => p["name"] = "find_product")) { RpcCode = -32020, Id = "mine" },
        ["8 uri header for a resource"] = new(400, "name_mismatch", c => c.Modern("resources/read", p => p["uri"] = "product://sample/e-00", "product://sample/e-01")) { RpcCode = -32020, Id = "mine" },
        ["8 task header for a task"] = new(400, "name_mismatch", c => c.Modern("tasks/get", p => p["taskId"] = "t", "u")) { RpcCode = -32020, Id = "mine" },
        ["8 broken base64 in the name header"] = new(400, "name_mismatch", c => c.Modern("tools/call", p => p["name"] = "whoami", "=?base64?!!!?=")) { RpcCode = -32020, Id = "mine" },
        ["8 name header in base64"] = new(200, null, c => c.Modern("tools/call", p => p["name"] = "whoami", $"=?base64?{Convert.ToBase64String("whoami"u8)}?=")) { Id = "mine" },
        ["8 mirrored argument without its header"] = new(400, "parameter_mismatch", c => c.Call("mirror", """{"region":"EU"}""")) { RpcCode = -32020, Id = "mine" },
        ["8 mirrored argument at odds with its header"] = new(400, "parameter_mismatch", c => Context.With(c.Call("mirror", """{"region":"EU"}"""), r => r.Headers.Add("Mcp-Param-Region", "US"))) { RpcCode = -32020, Id = "mine" },
        ["8 header of an argument that is absent"] = new(400, "parameter_mismatch", c => Context.With(c.Call("mirror"), r => r.Headers.Add("Mcp-Param-Region", "EU"))) { RpcCode = -32020, Id = "mine" },
        ["8 mirrored arguments with their headers"] = new(200, null, c => Context.With(c.Call("mirror", """{"region":"Îles","count":7,"all":true}"""), r => { r.Headers.Add("Mcp-Param-Region", $"=?base64?{Convert.ToBase64String(Encoding.UTF8.GetBytes("Îles"))}?="); r.Headers.Add("Mcp-Param-Count", "7"); r.Headers.Add("Mcp-Param-All", "true"); })) { Id = "mine" },
        ["8 mirrored argument of a tool out of reach is a missing tool"] = new(200, null, c => c.Call("hidden", """{"region":"EU"}""")) { RpcCode = -32602, Id = "mine" },
        ["8 initialize"] = new(404, null, c => c.Modern("initialize")) { RpcCode = -32601, Id = "mine" },
        ["8 ping"] = new(404, null, c => c.Modern("ping")) { RpcCode = -32601, Id = "mine" },
        ["8 logging/setLevel"] = new(404, null, c => c.Modern("logging/setLevel")) { RpcCode = -32601, Id = "mine" },
        ["8 resources/subscribe"] = new(404, null, c => c.Modern("resources/subscribe")) { RpcCode = -32601, Id = "mine" },
        ["8 resources/unsubscribe"] = new(404, null, c => c.Modern("resources/unsubscribe")) { RpcCode = -32601, Id = "mine" },
        ["8 unknown method"] = new(404, null, c => c.Modern("no/such")) { RpcCode = -32601, Id = "mine" },
        ["8 unknown tool"] = new(200, null, c => c.Call("nosuch")) { RpcCode = -32602, Id = "mine" },
        ["8 an answer to nothing"] = new(400, "answer_not_expected", c => Context.With(c.Plain("""{"jsonrpc":"2.0","id":"mine","result":{}}""", "application/json"), r => r.Headers.Add("MCP-Protocol-Version", TestServer.Modern))) { RpcCode = -32600, Id = "mine" },
        ["8 session and event ids are ignored and not minted"] = new(200, null, c => Context.With(c.Call("whoami"), r => { r.Headers.Add("Mcp-Session-Id", Unknown); r.Headers.Add("Last-Event-ID", "x"); })) { Id = "mine", Check = (_, r) => Assert.False(r.Headers.Contains("Mcp-Session-Id")) },
        ["8 session and event ids are ignored on the SDK's way"] = new(200, null, c => Context.With(c.Modern("tools/list"), r => { r.Headers.Add("Mcp-Session-Id", Unknown); r.Headers.Add("Last-Event-ID", "x"); })) { Id = "mine", Check = (_, r) => Assert.False(r.Headers.Contains("Mcp-Session-Id")) },
        ["8 GET"] = new(405, "post_only", c => Context.With(c.Get(c.Session), r => r.Headers.Add("MCP-Protocol-Version", TestServer.Modern))) { Check = (_, r) => Assert.Equal(["POST"], r.Content.Headers.Allow) },
        ["8 DELETE"] = new(405, "post_only", c => Context.With(c.Delete(c.Session), r => r.Headers.Add("MCP-Protocol-Version", TestServer.Modern))) { Check = (_, r) => Assert.Equal(["POST"], r.Content.Headers.Allow) },
        // 9. Sessions.
        ["9 no session"] = new(400, "session_id_missing", c => c.Post("tools/list")) { RpcCode = -32000, Id = "mine" },
        ["9 unknown session"] = new(404, "session_not_found", c => c.Post("tools/list", Unknown)) { RpcCode = -32001, Id = "mine" },
        ["9 another's session"] = new(403, "session_not_yours", c => c.Post("tools/list", c.Others)) { RpcCode = -32000, Id = "mine" },
        ["9 two sessions"] = new(404, "session_not_found", c => Context.With(c.Post("tools/list", c.Session), r => r.Headers.Add("Mcp-Session-Id", Unknown))) { RpcCode = -32001, Id = "mine" },
        ["9 the id is echoed on a stream"] = new(200, null, c => c.Post("tools/list", c.Session)) { Id = "mine", Check = AssertSession },
        ["9 the id is echoed on a direct answer"] = new(200, null, c => c.Plain("""{"jsonrpc":"2.0","id":"mine","method":"tools/call","params":{"name":"whoami","arguments":{}}}""", "application/json", session: c.Session)) { Id = "mine", Check = AssertSession },
        ["9 the id is echoed with an error"] = new(200, null, c => c.Post("no/such", c.Session)) { RpcCode = -32601, Id = "mine", Check = AssertSession },
        ["9 the id is echoed on 202"] = new(202, null, c => c.Plain("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", "application/json", session: c.Session)) { Check = AssertSession },
        ["9 a header of another revision with sessions changes nothing"] = new(200, null, c => c.Post("tools/list", c.Session, "2025-06-18")) { Id = "mine", Check = AssertSession },
        // 10. GET.
        ["10 Accept, before the session"] = new(406, "accept_missing", c => Context.With(c.Get(Unknown), r => r.Headers.Accept.Clear())),
        ["10 Accept of JSON"] = new(406, "accept_missing", c => Context.With(c.Get(c.Session), r => { r.Headers.Accept.Clear(); r.Headers.Accept.ParseAdd("application/json"); })),
        ["10 no session"] = new(400, "session_id_missing", c => c.Get(null)) { RpcCode = -32000 },
        ["10 unknown session"] = new(404, "session_not_found", c => c.Get(Unknown)) { RpcCode = -32001 },
        ["10 another's session"] = new(403, "session_not_yours", c => c.Get(c.Others)) { RpcCode = -32000 },
        ["10 unknown event"] = new(400, "event_unknown", c => Context.With(c.Get(c.Session), r => r.Headers.Add("Last-Event-ID", "x"))) { RpcCode = -32000, Check = AssertSession },
        // 11. DELETE.
        ["11 no session"] = new(400, "session_id_missing", c => c.Delete(null)) { RpcCode = -32000 },
        ["11 unknown session"] = new(404, "session_not_found", c => c.Delete(Unknown)) { RpcCode = -32001 },
        ["11 another's session"] = new(403, "session_not_yours", c => c.Delete(c.Others)) { RpcCode = -32000 },
        ["11 own session"] = new(200, null, c => c.Delete(c.Session)) { Check = (_, r) => Assert.Equal(0, r.Content.Headers.ContentLength ?? 0) },
        // 12. The form of answers.
        ["12 notification"] = new(202, null, c => c.Plain("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", "application/json", session: c.Session)) { Check = (_, r) => Assert.Null(r.Content.Headers.ContentType) },
        ["12 an answer to the server"] = new(202, null, c => c.Plain("""{"jsonrpc":"2.0","id":99,"result":{}}""", "application/json", session: c.Session)) { Check = (_, r) => Assert.Null(r.Content.Headers.ContentType) },
        ["12 stateless notification"] = new(202, null, c => Context.With(c.Plain("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""", "application/json"), r => { r.Headers.Add("MCP-Protocol-Version", TestServer.Modern); r.Headers.Add("Mcp-Method", "notifications/cancelled"); })) { Check = (_, r) => Assert.Null(r.Content.Headers.ContentType) },
        ["12 event stream"] = new(200, null, c => c.Post("tools/list", c.Session)) { Id = "mine", Check = AssertEventStream },
        ["12 JSON"] = new(200, null, c => c.Modern("tools/list")) { Id = "mine", Check = (_, r) => Assert.Equal("application/json", r.Content.Headers.ContentType!.ToString()) },
        ["other verbs"] = new(405, null, c => Context.With(c.Initialize(), r => r.Method = HttpMethod.Put)) { Check = (_, r) => Assert.Contains("POST", r.Content.Headers.Allow) },
        ["OPTIONS of no page"] = new(204, null, c => Context.With(c.Initialize(), r => r.Method = HttpMethod.Options)) { Check = (_, r) => Assert.False(r.Headers.Contains("Access-Control-Allow-Origin")) },
    };

    public static TheoryData<string> Lines => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Line_IsAnsweredAsTheChecklistSays(string line)
    {
        var expected = Cases[line];
        var context = await fixture.NewContextAsync();
        using var request = expected.Request(context);
        using var response = await fixture.Value.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();

        Assert.True(expected.Status == (int)response.StatusCode, $"{(int)response.StatusCode} {text}");
        var message = text.Length == 0 || response.Content.Headers.ContentType is null ? default : await RawMcp.MessageAsync(response);
        if (expected.Code is not null || expected.RpcCode is not null)
        {
            var error = message.GetProperty("error");
            Assert.Equal(expected.RpcCode ?? -32000, error.GetProperty("code").GetInt32());
            Assert.NotEmpty(error.GetProperty("message").GetString()!);
            Assert.True(expected.Code is null || expected.Code == error.GetProperty("data").GetProperty("code").GetString(), text);
            var id = message.GetProperty("id");
            Assert.Equal(expected.Id ?? (object?)expected.NumberId, id.ValueKind == JsonValueKind.Number ? id.GetInt64() : id.GetString());
        }
        else if (expected.Id is not null)
        {
            Assert.True(message.TryGetProperty("result", out _), text);
            Assert.Equal(expected.Id, message.GetProperty("id").GetString());
        }

        context.Check(expected, message, response);
    }

    [Fact]
    public async Task SecondStream_OfASession_IsRefusedWhileTheFirstIsThere()
    {
        var context = await fixture.NewContextAsync();
        using (var first = context.Get(context.Session))
        using (var open = await fixture.Value.Http.SendAsync(first, HttpCompletionOption.ResponseHeadersRead))
        {
            using var second = context.Get(context.Session);
            using var refused = await fixture.Value.Http.SendAsync(second);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Equal("stream_already_open", (await RawMcp.MessageAsync(refused)).GetProperty("error").GetProperty("data").GetProperty("code").GetString());
        }

        // Once the first is gone the client may come back.
        await Eventually.IsAsync(() => fixture.Value.Sessions.Find(context.Session)!.Active == 0, "the first stream ended");
        using var third = context.Get(context.Session);
        using var again = await fixture.Value.Http.SendAsync(third, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        AssertEventStream(default, again);
    }

    [Fact]
    public async Task RateLimit_Answers429AndWhenToComeBack()
    {
        var key = fixture.Value.Keys.Add("slow", "EU", "slow");
        for (var i = 0; i < 1_000; i++)
        {
            using var request = RawMcp.Call(key, "whoami", "{}");
            using var response = await fixture.Value.Http.SendAsync(request);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
                Assert.Equal("rate_limited", (await RawMcp.MessageAsync(response)).GetProperty("error").GetProperty("data").GetProperty("code").GetString());
                return;
            }
        }

        Assert.Fail("The free tier has no limit.");
    }

    [Fact]
    public async Task EmptyOrigin_IsRefused()
    {
        using var connection = new RawConnection(fixture.Value.Address);
        var request = $"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin:\r\nX-API-Key: {fixture.Value.Europe}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: {RawMcp.Initialize.Length}\r\n\r\n{RawMcp.Initialize}";
        await connection.SendAsync(Encoding.ASCII.GetBytes(request));
        var answer = await connection.ReadAsync(_ => false, EventReader.Patience);

        Assert.Equal(403, answer!.Status);
    }

    private static HttpRequestMessage Preflight(Context context, string origin) => Context.With(context.Initialize(), r =>
    {
        r.Method = HttpMethod.Options;
        r.Content = null;
        r.Headers.Remove("X-API-Key");
        r.Headers.Add("Origin", origin);
        r.Headers.Add("Access-Control-Request-Method", "POST");
        r.Headers.Add("Access-Control-Request-Headers", "content-type, x-api-key, mcp-param-region, cookie");
    });

    private static void AssertPreflight(string origin, HttpResponseMessage response)
    {
        AssertReadableBy(origin, response);
        Assert.Equal(["GET", "POST", "DELETE"], Listed(response, "Access-Control-Allow-Methods"));
        string[] needed = ["Authorization", "X-API-Key", "Content-Type", "Accept", "Mcp-Session-Id", "Mcp-Method", "Mcp-Name", "MCP-Protocol-Version", "Last-Event-ID", "X-Group-Context", "mcp-param-region"];
        Assert.Equal(needed.Order(StringComparer.Ordinal), Listed(response, "Access-Control-Allow-Headers").Order(StringComparer.Ordinal));
        Assert.Equal("600", response.Headers.GetValues("Access-Control-Max-Age").Single());
    }

    private static void AssertReadableBy(string origin, HttpResponseMessage response)
    {
        Assert.Equal(origin, response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(["Mcp-Session-Id", "WWW-Authenticate", "Retry-After", "X-RateLimit-Remaining-Minute", "X-RateLimit-Remaining-Day"], Listed(response, "Access-Control-Expose-Headers"));
        Assert.Equal(["Origin"], response.Headers.Vary);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    private static string[] Listed(HttpResponseMessage response, string header) => response.Headers.GetValues(header).Single().Split(',', StringSplitOptions.TrimEntries);

    private static void AssertEventStream(JsonElement message, HttpResponseMessage response)
    {
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(["no-cache", "no-store"], response.Headers.GetValues("Cache-Control").Single().Split(',', StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal));
        Assert.Equal(["identity"], response.Content.Headers.ContentEncoding);
        Assert.Equal(["no"], response.Headers.GetValues("X-Accel-Buffering"));
    }

    private static void AssertSession(JsonElement message, HttpResponseMessage response) => Assert.Matches("^[0-9a-f]{32}$", response.Headers.GetValues("Mcp-Session-Id").Single());

    /// <summary>One server for all lines, with tools that mirror arguments into headers.</summary>
    public sealed class Server : IAsyncLifetime
    {
        public TestServer Value { get; } = new(services => services
            .AddSingleton<IMcpTool>(new MirrorTool("mirror", offered: true))
            .AddSingleton<IMcpTool>(new MirrorTool("hidden", offered: false)), $"--Mcp:AllowedOrigins:0={Console}");

        public Task InitializeAsync() => Value.InitializeAsync();

        public Task DisposeAsync() => Value.DisposeAsync();

        internal async Task<Context> NewContextAsync() =>
            new(Value.Europe, await Value.OpenSessionAsync(Value.Europe), await Value.OpenSessionAsync(Value.America));
    }

    /// <summary>A request and the answer it must get.</summary>
    internal sealed record Case(int Status, string? Code, Func<Context, HttpRequestMessage> Request)
    {
        public int? RpcCode { get; init; }

        /// <summary>The id the answer must carry; null for an id of null.</summary>
        public string? Id { get; init; }

        public long? NumberId { get; init; }

        public Action<JsonElement, HttpResponseMessage>? Check { get; init; }
    }

    /// <summary>Makes requests of a caller with a session, beside another caller's session.</summary>
    internal sealed record Context(string Key, string Session, string Others)
    {
        public void Check(Case expected, JsonElement message, HttpResponseMessage response)
        {
            expected.Check?.Invoke(message, response);
            if (response.Headers.TryGetValues("Mcp-Session-Id", out var ids) && response.RequestMessage!.Headers.Contains("Mcp-Session-Id"))
            {
                Assert.Equal(Session, ids.Single());
            }
        }

        public static HttpRequestMessage With(HttpRequestMessage request, Action<HttpRequestMessage> change)
        {
            change(request);
            return request;
        }

        public HttpRequestMessage Initialize() => Plain(RawMcp.Initialize, "application/json");

        public HttpRequestMessage Post(string method, string? session = null, string? version = null) =>
            RawMcp.Post(Key, $$"""{"jsonrpc":"2.0","id":"mine","method":"{{method}}"}""", session, version);

        public HttpRequestMessage Modern(string method, Action<JsonObject>? change = null, string? name = null)
        {
            var request = RawMcp.Modern(Key, method, [], name, "mine");
            using var read = request.Content!.ReadAsStream();
            var body = JsonNode.Parse(read)!.AsObject();
            change?.Invoke(body["params"]!.AsObject());
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            return request;
        }

        public HttpRequestMessage Call(string tool, string arguments = "{}") => Modern(
            "tools/call",
            p =>
            {
                p["name"] = tool;
                p["arguments"] = JsonNode.Parse(arguments);
            },
            tool);

        public HttpRequestMessage Get(string? session) => Verb(HttpMethod.Get, session);

        public HttpRequestMessage Delete(string? session) => Verb(HttpMethod.Delete, session);

        public HttpRequestMessage Plain(string body, string type, string? accept = "application/json, text/event-stream", string? key = "own", string? session = null)
        {
            var request = RawMcp.Post(key == "own" ? Key : key, body, session);
            request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            request.Headers.Accept.Clear();
            if (accept is not null)
            {
                request.Headers.TryAddWithoutValidation("Accept", accept);
            }

            return request;
        }

        private HttpRequestMessage Verb(HttpMethod method, string? session)
        {
            var request = new HttpRequestMessage(method, "/mcp");
            request.Headers.Add("X-API-Key", Key);
            request.Headers.Accept.ParseAdd("text/event-stream");
            if (session is not null)
            {
                request.Headers.Add("Mcp-Session-Id", session);
            }

            return request;
        }
    }

    private sealed class MirrorTool(string name, bool offered) : IMcpTool
    {
        public Tool Definition { get; } = new()
        {
            Name = name,
            InputSchema = ToolJson.Schema("""{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},"count":{"type":"integer","x-mcp-header":"Count"},"all":{"type":"boolean","x-mcp-header":"All"}}}"""),
        };

        public bool IsOffered(AccessScope scope, DateTimeOffset now) => offered;

        public ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken) => ValueTask.FromResult(new ToolAnswer("{}"u8.ToArray(), "ok", IsError: false));
    }
}
