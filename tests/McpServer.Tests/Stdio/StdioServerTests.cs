using System.Text;
using System.Text.Json;
using AiPlatform.McpServer.Mcp;
using AiPlatform.McpServer.Mcp.Stdio;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Tests.Stdio;

public sealed class StdioServerTests(TestServer server) : IClassFixture<TestServer>
{
    private const string WhoAmI = "whoami";

    public static TheoryData<string> Versions => [TestServer.Modern, TestServer.Legacy, "2025-06-18", "2025-03-26", "2024-11-05"];

    public static TheoryData<string, int> Malformed => new()
    {
        { "nonsense", -32700 },
        { "{\"jsonrpc\":\"2.0\",\"id\":1", -32700 },
        { "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", -32700 },
        { "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}", -32700 },
        { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"whoami\",\"Name\":\"x\"}}", -32700 },
        { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"pi\\u0000ng\"}", -32700 },
        { "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", -32600 },
        { "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", -32600 },
        { "{\"jsonrpc\":\"2.0\",\"id\":1}", -32600 },
        { "7", -32600 },
    };

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Client_EveryRevision_SeesWhatItSeesOverHttp(string version)
    {
        foreach (var key in (string[])[server.Europe, server.Administrator, server.NoProducts])
        {
            await using var wire = new StdioWire(server, key);
            await using var http = await server.ConnectAsync(key, version);
            await using (var client = await ConnectAsync(wire, version))
            {
                Assert.Equal(version, client.NegotiatedProtocolVersion);
                Assert.Equal((await http.ListToolsAsync()).Select(t => t.Name), (await client.ListToolsAsync()).Select(t => t.Name));
                Assert.Equal((await WhoAsync(http)).GetRawText(), (await WhoAsync(client)).GetRawText());
                Assert.Equal(await SearchAsync(http), await SearchAsync(client));
            }

            Assert.Equal(StdioEnd.InputClosed, await wire.CloseAsync());
        }
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Line_Malformed_IsAnErrorWithoutIdAndTheServerGoesOn(string line, int code)
    {
        await using var wire = new StdioWire(server, server.Europe);
        await wire.SendAsync(line);
        var refused = await wire.ReadAsync();
        await wire.SendAsync(StdioWire.Call("2", WhoAmI));

        Assert.Equal(JsonValueKind.Null, refused.GetProperty("id").ValueKind);
        Assert.Equal(code, refused.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal("malformed_message", CodeOf(refused));
        Assert.True((await wire.ReadAsync()).TryGetProperty("result", out _));
    }

    [Fact]
    public async Task Handshake_AfterAQuestionOfTheNewestRevision_OpensASession()
    {
        const string Meta = """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}""";
        await using var wire = new StdioWire(server, server.Europe);
        await wire.SendAsync($$$$"""{"jsonrpc":"2.0","id":0,"method":"server/discover","params":{"_meta":{{{{Meta}}}}}}""");
        Assert.True((await wire.ReadAsync()).GetProperty("result").TryGetProperty("supportedVersions", out _));
        await wire.InitializeAsync();
        await wire.SendAsync(StdioWire.Call("2", WhoAmI));
        Assert.False((await wire.ReadAsync()).GetProperty("result").TryGetProperty("resultType", out _));
        await wire.SendAsync(StdioWire.Call("3", WhoAmI, meta: Meta));
        Assert.True((await wire.ReadAsync()).GetProperty("result").TryGetProperty("resultType", out _));
    }

    [Fact]
    public async Task Line_NotUtf8_IsAnErrorWithoutId()
    {
        await using var wire = new StdioWire(server, server.Europe);
        await wire.SendAsync([.. "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""u8, 0xC3, 0x28, .. "\"}\n"u8]);

        Assert.Equal("malformed_message", CodeOf(await wire.ReadAsync()));
    }

    [Fact]
    public async Task Line_LongerThanTheCap_IsRefusedAndTheServerGoesOn()
    {
        await using var wire = new StdioWire(server, server.Europe);
        await wire.SendAsync(new string(' ', (1_024 * 1_024) + 1));
        var refused = await wire.ReadAsync();
        await wire.SendAsync(StdioWire.Call("2", WhoAmI));

        Assert.Equal("body_too_large", CodeOf(refused));
        Assert.True((await wire.ReadAsync()).TryGetProperty("result", out _));
    }

    [Fact]
    public async Task Lines_BlankOrWithCarriageReturn_AreFine()
    {
        await using var wire = new StdioWire(server, server.Europe);
        await wire.SendAsync(Encoding.UTF8.GetBytes("\r\n\n  \n" + StdioWire.Call("1", WhoAmI) + "\r\n"));

        Assert.Equal(1, (await wire.ReadAsync()).GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task LastLine_WithoutEnd_IsAnsweredBeforeTheServerEnds()
    {
        await using var wire = new StdioWire(server, server.Europe);
        await wire.SendAsync(Encoding.UTF8.GetBytes(StdioWire.Call("\"last\"", WhoAmI)));

        Assert.Equal(StdioEnd.InputClosed, await wire.CloseAsync());
        Assert.Equal("last", (await wire.ReadAsync()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Key_RevokedMidway_IsRefusedAndEndsTheServing()
    {
        var key = server.Keys.Add("leaving", "EU", "eu-retail");
        await using var wire = new StdioWire(server, key);
        await wire.SendAsync(StdioWire.Call("1", WhoAmI));
        Assert.True((await wire.ReadAsync()).TryGetProperty("result", out _));

        server.Keys.Revoke(key);
        await wire.SendAsync(StdioWire.Call("2", WhoAmI));
        var refused = await wire.ReadAsync();

        Assert.Equal(2, refused.GetProperty("id").GetInt32());
        Assert.Equal("api_key_invalid", CodeOf(refused));
        Assert.Equal(StdioEnd.KeyRefused, await wire.End.WaitAsync(StdioWire.Patience));
    }

    [Fact]
    public async Task Key_RevokedWhileTheClientIsSilent_EndsTheServing()
    {
        var time = new SteppedTimers();
        var watching = new TestServer(services => services.AddSingleton<TimeProvider>(time));
        await watching.InitializeAsync();
        try
        {
            var key = watching.Keys.Add("silent", "EU", "eu-retail");
            await using var wire = new StdioWire(watching, key);
            await wire.InitializeAsync();
            await wire.SendAsync(StdioWire.Call("2", WhoAmI));
            await wire.ReadAsync();
            // The session is watched once the server has taken its notification in, which nothing tells.
            await Eventually.IsAsync(() => watching.Services.GetRequiredService<CallerWatch>().Waiting == 1, "the session is watched");

            watching.Keys.Revoke(key);
            time.Advance(CallerWatch.Interval + TimeSpan.FromSeconds(1));

            Assert.Equal(StdioEnd.KeyRefused, await wire.End.WaitAsync(StdioWire.Patience));
        }
        finally
        {
            await watching.DisposeAsync();
        }
    }

    [Fact]
    public async Task Requests_BeyondTheTier_AreRefusedWithTheSecondsToWait()
    {
        var key = server.Keys.Add("slow-stdio", "EU", "slow");
        await using var wire = new StdioWire(server, key);
        var limit = server.ScopeOf(key).Tier.RequestsPerMinute;
        JsonElement last = default;
        for (var id = 1; id <= limit + 1; id++)
        {
            await wire.SendAsync(StdioWire.Call(id.ToString(System.Globalization.CultureInfo.InvariantCulture), WhoAmI));
            last = await wire.ReadAsync();
            Assert.Equal(id <= limit, last.TryGetProperty("result", out _));
        }

        Assert.Equal("rate_limited", CodeOf(last));
        Assert.Contains("seconds", last.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GroupContext_NarrowsAndAForeignGroupIsRefused()
    {
        var key = server.Keys.Add("two-groups", "EU", "eu-retail", "partners");
        await using var wire = new StdioWire(server, key, "partners");
        await wire.SendAsync(StdioWire.Call("1", WhoAmI));
        var groups = (await wire.ReadAsync()).GetProperty("result").GetProperty("structuredContent").GetProperty("groups");

        Assert.Equal("partners", Assert.Single(groups.EnumerateArray()).GetString());
        var stdio = server.Services.GetRequiredService<StdioServer>();
        Assert.Null(await stdio.RefusalAsync(new StdioCredentials(key, "partners"), CancellationToken.None));
        Assert.StartsWith("group_override_refused", await stdio.RefusalAsync(new StdioCredentials(key, "us-wholesale"), CancellationToken.None), StringComparison.Ordinal);
        Assert.StartsWith("api_key_invalid", await stdio.RefusalAsync(new StdioCredentials("aip_1_nobody", null), CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_Asked_EndsTheServing()
    {
        await using var wire = new StdioWire(server, server.Europe);

        Assert.Equal(StdioEnd.Stopped, await wire.StopAsync());
    }

    [Fact]
    public async Task Output_ThatNobodyReads_EndsTheServing()
    {
        await using var wire = new StdioWire(server, server.Europe, output: new DeadStream());
        await wire.SendAsync(StdioWire.Call("1", WhoAmI));

        Assert.Equal(StdioEnd.OutputClosed, await wire.End.WaitAsync(StdioWire.Patience));
    }

    private static async Task<McpClient> ConnectAsync(StdioWire wire, string version) => await McpClient.CreateAsync(
        new StreamClientTransport(wire.ToServer, wire.FromServer),
        new McpClientOptions { ClientInfo = new Implementation { Name = "tests", Version = "1" }, ProtocolVersion = version });

    private static async Task<JsonElement> WhoAsync(McpClient client) => (await client.CallToolAsync(WhoAmI)).StructuredContent!.Value;

    private static async Task<string> SearchAsync(McpClient client)
    {
        try
        {
            var answer = await client.CallToolAsync("search_products", new Dictionary<string, object?> { ["catalog"] = TestCatalog.Name, ["query"] = "wireless headphones" });
            return answer.StructuredContent!.Value.GetRawText();
        }
        catch (ModelContextProtocol.McpProtocolException refused)
        {
            return refused.Message;
        }
    }

    private static string? CodeOf(JsonElement message) => message.GetProperty("error").GetProperty("data").GetProperty("code").GetString();

    private sealed class DeadStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("Broken pipe");
    }
}
