using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.Mcp.Tools.Documentation;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Mcp.Tools;

public sealed class ToolDocsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public void Guide_IsWhatTheToolsSay() => Snapshot.Assert("docs/tools.md", ToolDocs.Markdown(server.Services.GetServices<IMcpTool>()));

    [Fact]
    public void Guide_NamesEveryToolAndArgument()
    {
        var tools = server.Services.GetServices<IMcpTool>().Select(t => t.Definition).ToList();
        var page = ToolDocs.Markdown(server.Services.GetServices<IMcpTool>());

        Assert.All(tools, t => Assert.Contains($"\n## {t.Name}\n", page, StringComparison.Ordinal));
        Assert.All(tools.SelectMany(t => t.InputSchema.GetProperty("properties").EnumerateObject()), p => Assert.Contains($"| `{p.Name}` |", page, StringComparison.Ordinal));
    }
}
