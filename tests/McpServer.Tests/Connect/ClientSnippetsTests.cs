using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Connect;

namespace AiPlatform.McpServer.Tests.Connect;

/// <summary>Every snippet is read the way its client reads it.</summary>
public sealed class ClientSnippetsTests
{
    private const string Url = "https://search.example.com/mcp";
    private const string Key = "aip_12345678_it's a \"key\" & $HOME `x` \\ é+/=";

    private static readonly StdioLaunch Launch = new("/opt/ai platform/server", ["--stdio", "--data", "/srv/it's data"], [new("ASPNETCORE_ENVIRONMENT", "Production")]);

    [Fact]
    public void Clients_AllHaveSnippetsOverHttpAndStdio()
    {
        Assert.Equal(ClientSnippets.Clients, Http().Select(s => s.Client).Distinct());
        Assert.Equal(ClientSnippets.Clients, Stdio().Select(s => s.Client).Distinct());
    }

    [Theory]
    [InlineData("claude-code", """{"mcpServers":{"aiplatform":{"type":"http","url":"URL","headers":{"X-API-Key":"${AIPLATFORM_API_KEY}"}}}}""")]
    [InlineData("claude-desktop", """{"mcpServers":{"aiplatform":{"command":"npx","args":["-y","mcp-remote","URL","--transport","http-only","--header","X-API-Key:${AIPLATFORM_API_KEY}"],"env":{"AIPLATFORM_API_KEY":"YOUR_API_KEY"}}}}""")]
    [InlineData("vscode", """{"inputs":[{"type":"promptString","id":"aiplatform-key","description":"AiPlatform API key","password":true}],"servers":{"aiplatform":{"type":"http","url":"URL","headers":{"X-API-Key":"${input:aiplatform-key}"}}}}""")]
    [InlineData("cursor", """{"mcpServers":{"aiplatform":{"url":"URL","headers":{"X-API-Key":"${env:AIPLATFORM_API_KEY}"}}}}""")]
    [InlineData("inspector", """{"mcpServers":{"aiplatform":{"type":"streamable-http","url":"URL","headers":{"X-API-Key":"YOUR_API_KEY"}}}}""")]
    public void File_OverHttp_HasTheShapeOfItsClient(string client, string expected) => AssertJson(expected.Replace("URL", Url, StringComparison.Ordinal), FileOf(Http(), client));

    [Theory]
    [InlineData("claude-code", """{"mcpServers":{"aiplatform":{"type":"stdio",START,"env":{"AIPLATFORM_API_KEY":"${AIPLATFORM_API_KEY}",ENV}}}}""")]
    [InlineData("claude-desktop", """{"mcpServers":{"aiplatform":{START,"env":{"AIPLATFORM_API_KEY":"YOUR_API_KEY",ENV}}}}""")]
    [InlineData("vscode", """{"inputs":[{"type":"promptString","id":"aiplatform-key","description":"AiPlatform API key","password":true}],"servers":{"aiplatform":{"type":"stdio",START,"env":{"AIPLATFORM_API_KEY":"${input:aiplatform-key}",ENV}}}}""")]
    [InlineData("cursor", """{"mcpServers":{"aiplatform":{"type":"stdio",START,"env":{"AIPLATFORM_API_KEY":"${env:AIPLATFORM_API_KEY}",ENV}}}}""")]
    [InlineData("inspector", """{"mcpServers":{"aiplatform":{"type":"stdio",START,"env":{"AIPLATFORM_API_KEY":"YOUR_API_KEY",ENV}}}}""")]
    public void File_OverStdio_HasTheShapeOfItsClient(string client, string expected) => AssertJson(
        expected.Replace("START", """ "command":"/opt/ai platform/server","args":["--stdio","--data","/srv/it's data"] """, StringComparison.Ordinal)
            .Replace(",ENV", ""","ASPNETCORE_ENVIRONMENT":"Production" """, StringComparison.Ordinal),
        FileOf(Stdio(), client));

    [Fact]
    public void Key_Given_StandsInEveryFileButThoseThatAskForIt()
    {
        foreach (var snippet in Http(Key).Concat(Stdio(Key)).Where(s => s.Form == SnippetForm.File))
        {
            var values = Strings(JsonNode.Parse(snippet.Text)!).ToList();
            Assert.Equal(snippet.Client != "vscode", values.Contains(Key));
            Assert.DoesNotContain(ClientSnippets.KeyPlaceholder, values);
        }
    }

    [Fact]
    public void Link_OfVsCode_HoldsTheEntryAndItsInput()
    {
        var link = LinkOf(Http(), "vscode");
        Assert.StartsWith("vscode:mcp/install?", link, StringComparison.Ordinal);
        var install = JsonNode.Parse(Uri.UnescapeDataString(link["vscode:mcp/install?".Length..]))!.AsObject();

        var file = JsonNode.Parse(FileOf(Http(), "vscode"))!;
        AssertJson(file["inputs"]!.ToJsonString(), install["inputs"]!.ToJsonString());
        Assert.Equal("aiplatform", (string?)install["name"]);
        install.Remove("name");
        install.Remove("inputs");
        AssertJson(file["servers"]!["aiplatform"]!.ToJsonString(), install.ToJsonString());
    }

    [Fact]
    public void Link_OfCursor_HoldsTheEntryInBase64()
    {
        foreach (var snippets in (ClientSnippet[][])[Http(Key), Stdio(Key)])
        {
            var link = new Uri(LinkOf(snippets, "cursor"));
            var query = link.Query.TrimStart('?').Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]));

            Assert.Equal(("cursor", "anysphere.cursor-deeplink", "/mcp/install"), (link.Scheme, link.Host, link.AbsolutePath));
            Assert.Equal("aiplatform", query["name"]);
            AssertJson(JsonNode.Parse(FileOf(snippets, "cursor"))!["mcpServers"]!["aiplatform"]!.ToJsonString(), Encoding.UTF8.GetString(Convert.FromBase64String(query["config"])));
        }
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Command_OverHttp_IsTakenApartAsMeant(bool keyInside)
    {
        Skip.IfNot(PosixShell.Exists, "There is no POSIX shell.");
        var snippets = Http(keyInside ? Key : null);

        Assert.Equal(
            (string[])["claude", "mcp", "add", "--transport", "http", "aiplatform", Url, "--header", "X-API-Key: " + Key],
            await PosixShell.WordsAsync(CommandOf(snippets, "claude-code"), Key));
        Assert.Equal(
            (string[])["npx", "@modelcontextprotocol/inspector@2", "--cli", Url, "--transport", "http", "--header", "X-API-Key: " + Key, "--method", "tools/list"],
            await PosixShell.WordsAsync(CommandOf(snippets, "inspector"), Key));
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Command_OverStdio_IsTakenApartAsMeant(bool keyInside)
    {
        Skip.IfNot(PosixShell.Exists, "There is no POSIX shell.");
        var snippets = Stdio(keyInside ? Key : null);
        string[] start = ["/opt/ai platform/server", "--stdio", "--data", "/srv/it's data"];

        Assert.Equal(
            (string[])["claude", "mcp", "add", "--env", "AIPLATFORM_API_KEY=" + Key, "--env", "ASPNETCORE_ENVIRONMENT=Production", "--transport", "stdio", "aiplatform", "--", .. start],
            await PosixShell.WordsAsync(CommandOf(snippets, "claude-code"), Key));
        Assert.Equal(
            (string[])["npx", "@modelcontextprotocol/inspector@2", "--cli", "-e", "AIPLATFORM_API_KEY=" + Key, "-e", "ASPNETCORE_ENVIRONMENT=Production", "--method", "tools/list", "--", .. start],
            await PosixShell.WordsAsync(CommandOf(snippets, "inspector"), Key));
    }

    [SkippableFact]
    public async Task Command_OfClaudeCode_IsTakenByTheProgramItself()
    {
        Skip.IfNot(PosixShell.Exists && (await PosixShell.RunAsync("command -v claude", Key, [])).ExitCode == 0, "Claude Code is not installed.");
        var home = Directory.CreateTempSubdirectory("aip-claude-").FullName;
        try
        {
            var (exitCode, output) = await PosixShell.RunAsync(CommandOf(Http(), "claude-code"), Key, [new("HOME", home)], home);
            Assert.True(exitCode == 0, output);
            var server = Strings(JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(home, ".claude.json")))!).ToList();
            Assert.Contains(Url, server);
            Assert.Contains(Key, server);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    [Fact]
    public void Command_OfTheInspector_SaysWhichNodeItNeeds() =>
        Assert.All(Http().Concat(Stdio()).Where(s => s is { Client: "inspector", Form: SnippetForm.Command }), s => Assert.Contains("Node 22.19", s.Place, StringComparison.Ordinal));

    [Theory]
    [InlineData("http://127.0.0.1:5080", "http://127.0.0.1:5080/mcp", false)]
    [InlineData("http://localhost:5080/", "http://localhost:5080/mcp", false)]
    [InlineData("http://search.lan:5080/door/mcp", "http://search.lan:5080/door/mcp", true)]
    [InlineData("https://search.example.com/", "https://search.example.com/mcp", false)]
    public void Address_OfTheServer_BecomesThatOfTheEndpoint(string address, string endpoint, bool unencrypted)
    {
        var connection = Connection.Over(new Uri(address));
        var arguments = JsonNode.Parse(FileOf([.. ClientSnippets.For(connection)], "claude-desktop"))!["mcpServers"]!["aiplatform"]!["args"]!.AsArray().Select(a => (string)a!).ToList();

        Assert.Equal(endpoint, connection.Endpoint!.AbsoluteUri);
        Assert.Contains(endpoint, arguments);
        Assert.Equal(unencrypted, arguments.Contains("--allow-http"));
    }

    private static ClientSnippet[] Http(string? key = null) => [.. ClientSnippets.For(Connection.Over(new Uri(Url)) with { Key = key })];

    private static ClientSnippet[] Stdio(string? key = null) => [.. ClientSnippets.For(Connection.By(Launch) with { Key = key })];

    private static string FileOf(ClientSnippet[] snippets, string client) => snippets.Single(s => s.Client == client && s.Form == SnippetForm.File).Text;

    private static string LinkOf(ClientSnippet[] snippets, string client) => snippets.Single(s => s.Client == client && s.Form == SnippetForm.Link).Text;

    private static string CommandOf(ClientSnippet[] snippets, string client) => snippets.Single(s => s.Client == client && s.Form == SnippetForm.Command).Text;

    private static void AssertJson(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), $"Expected {expected}\nActual   {actual}");

    private static IEnumerable<string> Strings(JsonNode node) => node switch
    {
        JsonObject members => members.SelectMany(m => m.Value is null ? [] : Strings(m.Value)),
        JsonArray items => items.SelectMany(i => i is null ? [] : Strings(i)),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };
}
