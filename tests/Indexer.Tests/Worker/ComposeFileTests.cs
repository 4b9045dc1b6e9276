using System.Text.RegularExpressions;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Sources.S3;
using AiPlatform.Indexer.Tests.Support;
using AiPlatform.Indexer.Worker;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Storage;
using YamlDotNet.Serialization;

namespace AiPlatform.Indexer.Tests.Worker;

/// <summary>What can be known of docker-compose.yml without docker.</summary>
public sealed partial class ComposeFileTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docker-compose.yml"));
    private static readonly Dictionary<object, object> Compose = new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(new StringReader(Text))));

    private static Dictionary<object, object> Services => (Dictionary<object, object>)Compose["services"];

    [Fact]
    public void Services_AreAllThatAPlatformNeeds() =>
        Assert.Equal(["opensearch", "postgres", "s3", "s3-sample", "server", "worker"], Services.Keys.Cast<string>().Order(StringComparer.Ordinal));

    [Fact]
    public void Services_EachIsPinnedOrBuiltAndSaysWhetherItIsHealthy()
    {
        foreach (var (name, value) in Services)
        {
            var service = (Dictionary<object, object>)value;
            Assert.True(service.ContainsKey("build") || (service["image"] is string image && Pinned().IsMatch(image)), $"{name} is neither built nor pinned");
            Assert.True(service.ContainsKey("healthcheck"), $"{name} has no health check");
        }
    }

    [Fact]
    public void Services_WaitForHealthyOnes()
    {
        foreach (var name in (string[])["server", "worker"])
        {
            var needs = (Dictionary<object, object>)((Dictionary<object, object>)Services[name])["depends_on"];
            Assert.All((string[])["opensearch", "postgres", "s3"], n => Assert.Equal("service_healthy", ((Dictionary<object, object>)needs[n])["condition"]));
        }
    }

    [Fact]
    public void Secrets_ComeFromTheEnvironmentAndTheExampleNamesAllOfThem()
    {
        var asked = Variable().Matches(Text).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var named = File.ReadAllLines(Path.Combine(Repository.Root, ".env.example")).Where(l => l.Length > 0 && l[0] != '#').ToList();

        Assert.Equal(named.Select(l => l.Split('=')[0]).Order(StringComparer.Ordinal), asked.Order(StringComparer.Ordinal));
        Assert.All(named, line => Assert.EndsWith("=", line, StringComparison.Ordinal));
        Assert.DoesNotMatch(Literal(), Text);
    }

    [Fact]
    public void Settings_AreOnesThePlatformKnows()
    {
        var sections = new Dictionary<string, Type>
        {
            [StorageOptions.Section] = typeof(StorageOptions), [OpenSearchOptions.Section] = typeof(OpenSearchOptions), [S3Options.Section] = typeof(S3Options), [WorkerOptions.Section] = typeof(WorkerOptions),
        };
        foreach (var name in (string[])["server", "worker"])
        {
            var settings = ((Dictionary<object, object>)((Dictionary<object, object>)Services[name])["environment"]).Keys.Cast<string>().Where(k => k.Contains("__", StringComparison.Ordinal)).Select(k => k.Split("__"));
            Assert.All(settings.Where(s => sections.ContainsKey(s[0])), s => Assert.NotNull(sections[s[0]].GetProperty(s[1])));
            Assert.All(settings.Where(s => !sections.ContainsKey(s[0])), s => Assert.Contains(s[0], (string[])[ConfiguredCatalogs.Section, "Policy"]));
        }
    }

    [GeneratedRegex(@"^[a-z0-9./-]+:(?!latest)[A-Za-z0-9][A-Za-z0-9._-]*\d[A-Za-z0-9._-]*$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"(?<!\$)\$\{([A-Z0-9_]+):\?")]
    private static partial Regex Variable();

    /// <summary>A password that is written down.</summary>
    [GeneratedRegex(@"(?i)(password|secret_?key|pepper)\s*[:=]\s*[""']?(?!\$)[A-Za-z0-9]")]
    private static partial Regex Literal();
}
