using AiPlatform.Search.OpenSearch;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AiPlatform.Search.Tests.OpenSearch;

public sealed class OpenSearchOptionsTests
{
    [Fact]
    public void Defaults_WithANode_AreRight() => Assert.True(Check(new OpenSearchOptions { Nodes = ["http://localhost:9200"] }).Succeeded);

    [Fact]
    public void Faults_AreToldAllAtOnce_WithoutASecret()
    {
        var result = Check(new OpenSearchOptions
        {
            Nodes = ["ftp://x", "https://user:sesame@host:9200"],
            IndexPrefix = "Not-Good",
            Authentication = OpenSearchAuthentication.Basic,
            Password = "sesame",
            PasswordFile = "also",
            CaFile = "no-such-file.pem",
            MaxRetries = 99,
            Shards = 0,
            LeaseSeconds = 1,
            Ranking = new() { Window = -1 },
        });
        string[] named = ["Nodes has an entry", "names a user", "IndexPrefix", "UserName", "PasswordFile", "CaFile", "MaxRetries", "Shards", "LeaseSeconds", "Ranking"];
        Assert.All(named, n => Assert.Contains(n, result.FailureMessage, StringComparison.Ordinal));
        Assert.DoesNotContain("sesame", result.FailureMessage, StringComparison.Ordinal);
        Assert.Equal(named.Length, result.Failures!.Count());
    }

    [Fact]
    public void Aws_NeedsRegionAndAKnownService()
    {
        var result = Check(new OpenSearchOptions { Nodes = ["https://a"], Authentication = OpenSearchAuthentication.Aws, Service = "s3" });
        Assert.Equal(2, result.Failures!.Count());
    }

    [Fact]
    public void Section_IsBound()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OpenSearch:Nodes:0"] = "https://a:9200",
            ["OpenSearch:Nodes:1"] = "https://b:9200",
            ["OpenSearch:Authentication"] = "basic",
            ["OpenSearch:VectorEngine"] = "faiss",
            ["OpenSearch:BulkBytes"] = "1048576",
        }).Build();
        var options = configuration.GetSection(OpenSearchOptions.Section).Get<OpenSearchOptions>()!;
        Assert.Equal(["https://a:9200", "https://b:9200"], options.Nodes);
        Assert.Equal((OpenSearchAuthentication.Basic, OpenSearchVectorEngine.Faiss, 1 << 20), (options.Authentication, options.VectorEngine, options.BulkBytes));
    }

    [Theory]
    [InlineData("OpenSearch:Nodes", "http://localhost:9200", "OpenSearch__Nodes__0")]
    [InlineData("OpenSearch:UserName", "aiplatform", "OpenSearch:Nodes names no node")]
    [InlineData("OpenSearch:Ranking:Window", "50", "OpenSearch:Nodes names no node")]
    public void Cluster_WithoutANodeInTheList_IsRefused_InsteadOfBuildingBesideTheProgram(string key, string value, string told)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [key] = value }).Build();
        var refused = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => new ServiceCollection().AddCatalogEngine(configuration, "none"));
        Assert.Contains(told, Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Section_ThatSetsNothing_IsTheEmbeddedEngine()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["OpenSearch:Nodes"] = "", ["OpenSearch:UserName"] = "" }).Build();
        Assert.DoesNotContain(new ServiceCollection().AddCatalogEngine(configuration, "none"), s => s.ServiceType == typeof(OpenSearchOptions));
    }

    private static Microsoft.Extensions.Options.ValidateOptionsResult Check(OpenSearchOptions options) => new OpenSearchOptionsValidator().Validate(null, options);
}
