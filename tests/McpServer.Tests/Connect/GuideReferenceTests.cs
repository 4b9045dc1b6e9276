using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Hosting;
using AiPlatform.McpServer.Mcp.Prompts;
using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.Tests.Fixtures;
using AiPlatform.McpServer.Tests.Mcp;

namespace AiPlatform.McpServer.Tests.Connect;

/// <summary>The guides list every setting of the door with its default, no other, and every code it answers; no document is unlisted, and no link leads nowhere.</summary>
public sealed partial class GuideReferenceTests(PlatformTools tools) : IClassFixture<PlatformTools>
{
    private const int MiB = 1_024 * 1_024;

    /// <summary>What stands like a code in the sources and is an argument's name.</summary>
    private static readonly string[] Arguments = ["key_prefix"];

    public static TheoryData<string, string> Pages => new() { { "Mcp", "connecting.md" }, { "OAuth", "oauth.md" } };

    [Theory]
    [MemberData(nameof(Pages))]
    public void Settings_EachHasARowWithItsDefault(string section, string page)
    {
        var rows = RepositoryFile.Read("docs", page).Split('\n').Where(l => l.StartsWith('|')).ToList();
        var settings = SettingsOf(section).ToList();

        Assert.NotEmpty(settings);
        Assert.All(settings, setting =>
        {
            var row = Assert.Single(rows, r => r.Split('|')[1].Contains($"`{setting.Name}`", StringComparison.Ordinal));
            Assert.Contains(setting.Default, row, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Settings_NamedInAGuide_Exist()
    {
        var known = Pages.SelectMany(p => SettingsOf((string)p[0])).Select(s => s.Name).ToHashSet(StringComparer.Ordinal);

        Assert.All(
            Pages.SelectMany(p => Setting().Matches(RepositoryFile.Read("docs", (string)p[1])).Select(m => m.Groups["name"].Value)),
            name => Assert.True(known.Contains(name) || known.Contains(name.Replace(":0:", ":N:", StringComparison.Ordinal)) || known.Any(k => k.StartsWith(name + ":", StringComparison.Ordinal)), $"There is no setting {name}."));
    }

    [Fact]
    public void Codes_OfTheEndpoint_AreAllExplained()
    {
        var codes = CodesIn("src/McpServer/Auth", "src/McpServer/Mcp", "src/McpServer/Operations", "src/McpServer/Hosting", "src/Core/Access", "src/Indexer/Jobs/ReindexJobs.cs")
            .Concat(ConstantsOf(typeof(CatalogErrors))).Concat(ConstantsOf(typeof(ToolArgumentException))).Except(Arguments).ToHashSet(StringComparer.Ordinal);
        var page = RepositoryFile.Read("docs", "connecting.md");

        Assert.True(codes.Count > 50, string.Join(' ', codes));
        Assert.All(codes, code => Assert.Contains($"| `{code}`", page.Replace(", `", " | `", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public void Rest_RoutesAndCodes_AreAllExplained()
    {
        var page = RepositoryFile.Read("docs", "rest.md");
        var codes = CodesIn("src/McpServer/Rest").ToHashSet(StringComparer.Ordinal);

        Assert.NotEmpty(codes);
        Assert.All(codes, code => Assert.Contains($"| `{code}`", page.Replace(", `", " | `", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.All(AccessRows.Endpoints.Keys.Where(e => e.Contains("/api/", StringComparison.Ordinal)), route => Assert.Contains($"| `{route}` |", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Prompts_EachHasARowWithItsArguments()
    {
        var prompts = typeof(ServerHost).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(IMcpPrompt))).Select(t => ((IMcpPrompt)Activator.CreateInstance(t, [null])!).Definition).ToList();
        var rows = RepositoryFile.Read("docs", "resources.md").Split('\n');

        Assert.NotEmpty(prompts);
        Assert.All(prompts, prompt =>
        {
            var row = Assert.Single(rows, r => r.StartsWith($"| `{prompt.Name}` |", StringComparison.Ordinal));
            Assert.All(prompt.Arguments!, a => Assert.Contains(a.Required == true ? $"**`{a.Name}`**" : $"`{a.Name}`", row, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Readme_NamesEveryTool()
    {
        var readme = RepositoryFile.Read("README.md");

        Assert.All(tools.Tools, tool => Assert.Contains($"`{tool.Definition.Name}`", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void Index_NamesEveryDocument()
    {
        var index = RepositoryFile.Read("docs", "README.md");

        Assert.All(RepositoryFile.Find("docs", "*.md").Where(f => f != "docs/README.md"), f => Assert.Contains($"]({f["docs/".Length..]})", index, StringComparison.Ordinal));
    }

    [Fact]
    public void Links_BetweenDocuments_LeadSomewhere()
    {
        string[] documents = ["README.md", .. RepositoryFile.Find("docs", "*.md"), .. RepositoryFile.Find("src", "README.md"), .. RepositoryFile.Find("tests", "README.md").Where(f => !f.Contains("node_modules", StringComparison.Ordinal))];

        Assert.All(documents, document =>
        {
            var folder = Path.GetDirectoryName(document)!;
            foreach (var link in Link().Matches(RepositoryFile.Read(document)).Select(m => m.Groups["to"].Value).Where(l => !l.Contains("://", StringComparison.Ordinal)))
            {
                var parts = link.Split('#');
                var target = parts[0].Length == 0 ? document : Path.Combine(folder, parts[0]);
                Assert.True(RepositoryFile.Exists(target), $"{document} links to {link}, which is not there.");
                Assert.True(parts.Length == 1 || AnchorsOf(RepositoryFile.Read(target)).Contains(parts[1]), $"{document} links to {link}: the page has no such heading.");
            }
        });
    }

    /// <summary>The names that headings get: lower case, hyphens for spaces, nothing but letters, digits, hyphens and underscores.</summary>
    private static IEnumerable<string> AnchorsOf(string markdown) =>
        Heading().Matches(markdown).Select(m => string.Concat(m.Groups["text"].Value.ToLowerInvariant().Replace(' ', '-').Where(c => char.IsLetterOrDigit(c) || c is '-' or '_')));

    private static IEnumerable<(string Name, string Default)> SettingsOf(string section) =>
        from type in typeof(ServerHost).Assembly.GetTypes()
        let own = type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string
        where own == section || own?.StartsWith(section + ":", StringComparison.Ordinal) == true
        from setting in SettingsOf(type, own!)
        select setting;

    private static IEnumerable<(string Name, string Default)> SettingsOf(Type type, string prefix)
    {
        var options = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties())
        {
            // A list of sections of their own: each has a number.
            if (property.PropertyType.GenericTypeArguments is [{ Namespace: { } home } item] && home.StartsWith("AiPlatform", StringComparison.Ordinal))
            {
                foreach (var inner in SettingsOf(item, $"{prefix}:{property.Name}:N"))
                {
                    yield return inner;
                }
            }
            else
            {
                yield return ($"{prefix}:{property.Name}", Written(property.GetValue(options)));
            }
        }
    }

    private static string Written(object? value) => value switch
    {
        bool on => on ? "true" : "false",
        int or long when Convert.ToInt64(value, CultureInfo.InvariantCulture) is var number => number % MiB == 0 && number > 0 ? $"{number / MiB} MiB" : number.ToString("N0", CultureInfo.InvariantCulture),
        string text => text,
        _ => "",
    };

    private static IEnumerable<string> ConstantsOf(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!);

    private static IEnumerable<string> CodesIn(params string[] paths) =>
        paths.SelectMany(p => RepositoryFile.ReadAll(p, "*.cs")).SelectMany(source => Code().Matches(source)).Select(m => m.Groups["code"].Value);

    [GeneratedRegex("`(?<name>(?:Mcp|OAuth):[A-Za-z0-9:]+)[`=]")]
    private static partial Regex Setting();

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    /// <summary>A snake-case text and behind it, on its line, a message; or before a colon, at the beginning of a message; or the first argument of a tool's error.</summary>
    [GeneratedRegex("""(?:"(?<code>[a-z]+(?:_[a-z]+)+)", (?:"[A-Z]|\$"|message\)|null\b)|"(?<code>[a-z]+(?:_[a-z]+)+)(?: \([a-z]+\))?: |ToolError\.Create\(\s*"(?<code>[a-z_]+)")""")]
    private static partial Regex Code();
}
