using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace AiPlatform.EndToEnd.Tests;

/// <summary>The built server as assistants start it: over standard input and output.</summary>
public sealed partial class StdioTests : IDisposable
{
    private const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    private readonly string _data = Directory.CreateTempSubdirectory("aiplatform-stdio-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task FirstStart_WithoutAKey_PrintsKeysBesideAndThenServesWithOne()
    {
        var key = await FirstKeyAsync();

        await using var server = StdioProcess.Start(_data, key);
        await server.SendAsync(Initialize);
        await server.SendAsync("no message at all");
        await server.SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        await server.SendAsync("""{"jsonrpc":"2.0","id":2,"method":"tools/list"}""");
        await server.SendAsync("""{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"search_products","arguments":{"query":"wireless headphones"}}}""");
        var messages = new List<JsonElement>();
        while (messages.Count < 4)
        {
            messages.Add(await server.ReadAsync());
        }

        server.CloseInput();
        var (exitCode, output, error) = await server.EndAsync();

        Assert.Equal((0, ""), (exitCode, output));
        Assert.Contains("Sample catalog indexed", error, StringComparison.Ordinal);
        Assert.All(messages, m => Assert.Equal("2.0", m.GetProperty("jsonrpc").GetString()));
        Assert.Equal(["", "1", "2", "3"], messages.Select(m => m.GetProperty("id").ToString()).Order(StringComparer.Ordinal));
        Assert.Contains(messages, m => m.TryGetProperty("error", out var e) && e.GetProperty("code").GetInt32() == -32700);
    }

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    public async Task Client_BesideAServerOverHttp_GetsTheSameAnswers(string version)
    {
        await using var http = await ServerProcess.StartAsync(_data);
        foreach (var (group, key) in http.Keys.Take(2))
        {
            await using var overHttp = await http.ConnectAsync(key, version);
            await using var overStdio = await ConnectAsync(key, version, http.Address);

            Assert.Equal(version, overStdio.NegotiatedProtocolVersion);
            Assert.Equal((await overHttp.ListToolsAsync()).Select(t => t.Name), (await overStdio.ListToolsAsync()).Select(t => t.Name));
            Assert.Equal(await SearchAsync(overHttp), await SearchAsync(overStdio));
            var groups = (await overStdio.CallToolAsync("whoami")).StructuredContent!.Value.GetProperty("groups");
            Assert.Equal(group, Assert.Single(groups.EnumerateArray()).GetString());
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("aip_00000000_wrong")]
    public async Task Start_WithoutAValidKey_EndsWithOneAndSaysNothingOnItsOutput(string? key)
    {
        await FirstKeyAsync();
        await using var server = StdioProcess.Start(_data, key);
        var (exitCode, output, error) = await server.EndAsync();

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(key is null ? "api_key_missing" : "api_key_invalid", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Demo keys", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_RevokedByAnotherProcess_EndsTheServingWithOne()
    {
        // A key that may ask often enough to hear of it.
        var key = await FirstKeyAsync("administrators");
        await using var server = StdioProcess.Start(_data, null, "--key", key);
        await server.SendAsync(StdioProcess.Call(1, "whoami"));
        Assert.True((await server.ReadAsync()).TryGetProperty("result", out _));
        Assert.Equal(0, (await ServerProcess.RunAsync(_data, "keys", "revoke", key[..12])).ExitCode);

        // Effective within a second on every process: asks until then.
        JsonElement answer;
        var id = 2;
        do
        {
            await server.SendAsync(StdioProcess.Call(id, "whoami"));
            answer = await server.ReadAsync();
        }
        while (answer.TryGetProperty("result", out _) && id++ < 9_000);

        Assert.Equal("api_key_invalid", answer.GetProperty("error").GetProperty("data").GetProperty("code").GetString());
        Assert.Equal(1, (await server.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Start_AsATask_IsFollowedToItsEndByItsCaller()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "AiPlatform.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        var key = await FirstKeyAsync("administrators");
        await using var server = StdioProcess.Start(_data, key, new Dictionary<string, string>
        {
            ["Catalogs__sample__Source"] = Path.Combine(root, "samples", "catalog", "products.jsonl"),
            ["Catalogs__sample__Mapping"] = Path.Combine(root, "samples", "mappings", "sample.yaml"),
        });
        var created = await CallAsync(server, 1, "tools/call", """{"name":"start_reindex","arguments":{"catalog":"sample","dry_run":true}}""");
        Assert.Equal("task", created.GetProperty("resultType").GetString());
        var id = created.GetProperty("taskId").GetString();

        var (task, at) = (created, 2);
        using var patience = new CancellationTokenSource(StdioProcess.Patience);
        while (task.GetProperty("status").GetString() == "working")
        {
            await Task.Delay(100, patience.Token);
            task = await CallAsync(server, at++, "tasks/get", $$"""{"taskId":"{{id}}"}""");
            Assert.Equal(id, task.GetProperty("taskId").GetString());
        }

        Assert.Equal("completed", task.GetProperty("status").GetString());
        var job = task.GetProperty("result").GetProperty("structuredContent").GetProperty("job");
        Assert.Equal((id, "succeeded", 663), (job.GetProperty("id").GetString(), job.GetProperty("state").GetString(), job.GetProperty("rows_read").GetInt32()));
        Assert.Equal("complete", (await CallAsync(server, at++, "tasks/cancel", $$"""{"taskId":"{{id}}"}""")).GetProperty("resultType").GetString());
        Assert.Equal("completed", (await CallAsync(server, at, "tasks/get", $$"""{"taskId":"{{id}}"}""")).GetProperty("status").GetString());
        server.CloseInput();
        Assert.Equal(0, (await server.EndAsync()).ExitCode);
    }

    [SkippableTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Signal_EndsTheServingWithZero(string signal)
    {
        Skip.If(OperatingSystem.IsWindows(), "There are no signals.");
        await using var server = StdioProcess.Start(_data, await FirstKeyAsync());
        await server.SendAsync(StdioProcess.Call(1, "whoami"));
        await server.ReadAsync();
        using (var kill = Process.Start("kill", ["-" + signal, server.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        Assert.Equal(0, (await server.EndAsync()).ExitCode);
    }

    [SkippableFact]
    public async Task Output_ThatNobodyReads_EndsTheServingWithOne()
    {
        Skip.If(OperatingSystem.IsWindows(), "The console of Windows keeps quiet about it.");
        await using var server = StdioProcess.Start(_data, await FirstKeyAsync());
        await server.SendAsync(StdioProcess.Call(1, "whoami"));
        await server.ReadAsync();
        server.CloseOutput();
        await server.SendAsync(StdioProcess.Call(2, "whoami"));

        Assert.Equal(1, (await server.EndAsync(readOutput: false)).ExitCode);
    }

    /// <summary>A request of a client of 2026-07-28 with the tasks extension; its result, past what is told in between.</summary>
    private static async Task<JsonElement> CallAsync(StdioProcess server, int id, string method, string parameters)
    {
        var request = JsonNode.Parse($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""")!;
        request["params"]!["_meta"] = JsonNode.Parse(
            """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{"extensions":{"io.modelcontextprotocol/tasks":{}}}}""");
        await server.SendAsync(request.ToJsonString());
        while (true)
        {
            var message = await server.ReadAsync();
            if (message.TryGetProperty("id", out var answered) && answered.GetInt32() == id)
            {
                return message.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException(message.GetRawText());
            }
        }
    }

    /// <summary>The first start makes the demo's keys and has nothing to serve.</summary>
    private async Task<string> FirstKeyAsync(string group = "eu-retail")
    {
        await using var first = StdioProcess.Start(_data, null);
        var (exitCode, output, error) = await first.EndAsync();
        Assert.Equal((1, ""), (exitCode, output));
        var configuration = JsonElement.Parse(Configuration().Match(error).Value);
        var server = configuration.GetProperty("mcpServers").GetProperty("aiplatform-" + group);
        Assert.Equal("stdio", server.GetProperty("type").GetString());
        return server.GetProperty("env").GetProperty("AIPLATFORM_API_KEY").GetString()!;
    }

    private async Task<McpClient> ConnectAsync(string key, string version, Uri taken)
    {
        var start = ServerProcess.StartInfo(_data, "--stdio");
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = start.FileName,
            Arguments = [.. start.ArgumentList],
            WorkingDirectory = start.WorkingDirectory,

            // The address is taken: it would not start if it listened on anything.
            EnvironmentVariables = new Dictionary<string, string?> { ["AIPLATFORM_API_KEY"] = key, ["ASPNETCORE_ENVIRONMENT"] = "Development", ["ASPNETCORE_URLS"] = taken.ToString() },
        });
        return await McpClient.CreateAsync(transport, new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "end-to-end", Version = "1" },
            ProtocolVersion = version,

            // A start takes as long as the machine is busy.
            DiscoverProbeTimeout = StdioProcess.Patience,
        });
    }

    private static async Task<string> SearchAsync(McpClient client) =>
        (await client.CallToolAsync("search_products", new Dictionary<string, object?> { ["query"] = "wireless headphones" })).StructuredContent!.Value.GetRawText();

    [GeneratedRegex(@"^\{\n.*?^\}$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Configuration();
}
