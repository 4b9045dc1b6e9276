using System.CommandLine;
using System.Text.Json;
using AiPlatform.McpServer.Connect;
using AiPlatform.McpServer.Console;
using AiPlatform.McpServer.Hosting;

namespace AiPlatform.McpServer.Tests.Connect;

public sealed class ConnectCommandTests
{
    private static readonly StdioLaunch Launch = new("server", ["--stdio"], [new(StdioLaunch.PolicyVariable, "/no/such/policy.yaml")]);

    [Fact]
    public async Task Connect_WithoutOptions_PrintsEverySnippetForTheDefaultAddress()
    {
        var (code, output, error) = await RunAsync("connect");

        Assert.Equal((0, ""), (code, error));
        Assert.All(ClientSnippets.For(Connection.Over(new Uri(ServerHost.DefaultUrl))), s => Assert.Contains(s.Text, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Connect_OneClientAsJson_IsReadable()
    {
        var (_, output, _) = await RunAsync("connect", "--client", "cursor", "--url", "https://search.example.com", "--key", "aip_1_x", "--json");
        var snippets = JsonElement.Parse(output).EnumerateArray().ToList();

        Assert.Equal(["file", "link"], snippets.Select(s => s.GetProperty("form").GetString()));
        var server = JsonElement.Parse(snippets[0].GetProperty("text").GetString()!).GetProperty("mcpServers").GetProperty("aiplatform");
        Assert.Equal("https://search.example.com/mcp", server.GetProperty("url").GetString());
        Assert.Equal("aip_1_x", server.GetProperty("headers").GetProperty("X-API-Key").GetString());
    }

    [Fact]
    public async Task Connect_Stdio_StartsThisProgramAndWarnsOfAMissingPolicy()
    {
        var (code, output, error) = await RunAsync("connect", "--stdio", "--client", "claude-desktop");

        Assert.Equal(0, code);
        Assert.Contains("\"command\": \"server\"", output, StringComparison.Ordinal);
        Assert.Contains("/no/such/policy.yaml", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_Registry_PrintsTheDocumentUnderTheName()
    {
        var (_, output, _) = await RunAsync("connect", "--registry", "com.acme/shop", "--url", "https://shop.acme.example");

        Assert.Equal(ServerDocument.Create("com.acme/shop", new Uri("https://shop.acme.example/mcp")), output);
    }

    [Theory]
    [InlineData("connect --client emacs", "emacs")]
    [InlineData("connect --url nonsense", "--url")]
    [InlineData("connect --url ftp://x", "--url")]
    [InlineData("connect --url http://user:secret@x/", "--url")]
    [InlineData("connect --stdio --url http://x", "exclude")]
    [InlineData("connect --registry shop", "com.example/shop")]
    [InlineData("connect --registry com.acme/shop --key x", "--registry")]
    [InlineData("--key x", "--stdio")]
    [InlineData("--group-context x", "--stdio")]
    [InlineData("--stdio --urls http://127.0.0.1:1", "exclude")]
    public void CommandLine_Wrong_SaysWhatToChange(string line, string expected)
    {
        var parsed = ServerCommand.Create([], new OpenedPlatforms()).Parse(line);

        Assert.Contains(parsed.Errors, e => e.Message.Contains(expected, StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var root = new RootCommand("test") { ConnectCommand.Create(() => Launch) };
        var code = await root.Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
