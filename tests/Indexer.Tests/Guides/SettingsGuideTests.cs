using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using AiPlatform.Indexer.Sources.Http;
using AiPlatform.Indexer.Sources.S3;
using AiPlatform.Indexer.Tests.Support;
using AiPlatform.Search.Embeddings.Remote;

namespace AiPlatform.Indexer.Tests.Guides;

/// <summary>The guides of sources and embeddings name every setting with its default, and every error, and none that is not there.</summary>
public sealed partial class SettingsGuideTests
{
    public static TheoryData<string, string, Type> Sections => new()
    {
        { "sources.md", S3Options.Section, typeof(S3Options) },
        { "sources.md", FeedOptions.Section, typeof(FeedOptions) },
        { "embeddings.md", EmbeddingsOptions.Section, typeof(EmbeddingsOptions) },
    };

    [Theory]
    [MemberData(nameof(Sections))]
    public void Settings_EachHasARowWithItsDefault(string page, string section, Type options)
    {
        var rows = Page(page).Split('\n').Where(l => l.StartsWith("| `" + section, StringComparison.Ordinal)).ToList();
        var settings = options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite || p.Name == nameof(FeedOptions.Authorization)).ToList();
        var defaults = Activator.CreateInstance(options)!;

        Assert.All(settings, setting =>
        {
            var row = Assert.Single(rows, r => r.Split('|')[1].Contains($"`{section}:{setting.Name}`", StringComparison.Ordinal));
            Assert.Equal(Default(setting.GetValue(defaults)), row.Split('|')[2].Trim());
        });
        Assert.Equal(settings.Count, rows.Sum(r => r.Split('|')[1].Split(',').Length));
    }

    [Theory]
    [InlineData("sources.md", "src/Indexer/Sources", "source_|invalid_source|invalid_header")]
    [InlineData("embeddings.md", "src/Search/Embeddings/Remote", "embeddings_")]
    public void Codes_OfTheSources_AreAllExplained(string page, string folder, string start)
    {
        var codes = Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .SelectMany(f => Code().Matches(File.ReadAllText(f)).Select(m => m.Groups["code"].Value))
            .Where(c => Regex.IsMatch(c, $"^({start})")).Distinct().ToList();

        Assert.True(codes.Count >= 4, string.Join(' ', codes));
        Assert.Equal(codes.Order(StringComparer.Ordinal), Page(page).Split('\n').Select(l => Row().Match(l).Groups["code"].Value).Where(codes.Contains).Order(StringComparer.Ordinal));
    }

    private static string Default(object? value) => value switch
    {
        null => "null",
        "" => "empty",
        System.Collections.ICollection => "none",
        bool flag => flag ? "true" : "false",
        Enum one => one.ToString().ToLowerInvariant(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Page(string name) => File.ReadAllText(Path.Combine(Repository.Root, "docs", name));

    [GeneratedRegex("\"(?<code>[a-z]+(_[a-z]+)+)\"")]
    private static partial Regex Code();

    [GeneratedRegex("^\\| `(?<code>[a-z_]+)` \\|")]
    private static partial Regex Row();
}
