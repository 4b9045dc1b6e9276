using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Mcp.Tools;

public sealed class ToolDocsTests(PlatformTools platform) : IClassFixture<PlatformTools>
{
    [Fact]
    public void Guide_IsWhatTheToolsSay() => Snapshot.Assert("docs/tools.md", ToolDocs.Markdown(platform.Tools));

    [Fact]
    public void Guide_NamesEveryToolAndArgument()
    {
        var tools = platform.Tools.Select(t => t.Definition).ToList();
        var page = ToolDocs.Markdown(platform.Tools);

        Assert.All(tools, t => Assert.Contains($"\n## {t.Name}\n", page, StringComparison.Ordinal));
        Assert.All(tools.SelectMany(t => t.InputSchema.GetProperty("properties").EnumerateObject()), p => Assert.Contains($"| `{p.Name}` |", page, StringComparison.Ordinal));
    }
}
