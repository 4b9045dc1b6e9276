using System.Text.RegularExpressions;
using AiPlatform.McpServer.Connect;
using AiPlatform.McpServer.Hosting;

namespace AiPlatform.McpServer.Tests.Connect;

/// <summary>What a reader pastes from the documents is what the generator makes.</summary>
public sealed partial class DocumentsTests
{
    private static readonly ClientSnippet[] Http = [.. ClientSnippets.For(Connection.Over(new Uri(ServerHost.DefaultUrl)))];
    private static readonly ClientSnippet[] Stdio = [.. ClientSnippets.For(Connection.By(StdioLaunch.Example))];

    [Fact]
    public void Guide_ShowsEverySnippetOverHttpAsItIs()
    {
        var blocks = Blocks(RepositoryFile.Read("docs", "connecting.md"));

        Assert.All(Http.Where(s => s.Form != SnippetForm.Link), s => Assert.Contains(s.Text, blocks));
        Assert.All(Http.Where(s => s.Form == SnippetForm.Link), s => Assert.Contains(s.Text, blocks));
    }

    [Fact]
    public void Guide_SaysWhereTheInspectorRunsAndWhatAKeyNeeds()
    {
        var guide = RepositoryFile.Read("docs", "connecting.md");

        Assert.Contains($"In {Http.Single(s => s is { Client: "inspector", Form: SnippetForm.Command }).Place}:\n", guide, StringComparison.Ordinal);
        Assert.Contains(HomePageContent.KeyAttributes, guide.Replace("`", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs", "connecting.md")]
    public void Configurations_InADocument_AreTheGenerators(params string[] path)
    {
        var known = Http.Concat(Stdio).Select(s => s.Text).ToHashSet(StringComparer.Ordinal);
        var shown = Blocks(RepositoryFile.Read(path)).Where(b => IsConfiguration(b) || IsCommand(b)).ToList();

        Assert.NotEmpty(shown);
        Assert.All(shown, block => Assert.Contains(block, known));
    }

    [Fact]
    public void Guide_ShowsHowAClientStartsTheServer() =>
        Assert.Contains(Stdio.Single(s => s.Client == "claude-desktop").Text, Blocks(RepositoryFile.Read("docs", "connecting.md")));

    private static bool IsConfiguration(string block) => block.StartsWith('{') && (block.Contains("\"mcpServers\"", StringComparison.Ordinal) || block.Contains("\"servers\"", StringComparison.Ordinal));

    private static bool IsCommand(string block) => block.StartsWith("claude ", StringComparison.Ordinal) || block.StartsWith("npx ", StringComparison.Ordinal) || block.StartsWith("vscode:", StringComparison.Ordinal) || block.StartsWith("cursor:", StringComparison.Ordinal);

    private static List<string> Blocks(string markdown) => [.. Fence().Matches(markdown).Select(m => m.Groups["text"].Value)];

    [GeneratedRegex("^```[a-z]*\n(?<text>.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
