using System.Globalization;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Tests.Support;
using AiPlatform.Search.Embedded;
using AiPlatform.Search.Embeddings.Remote;
using AiPlatform.Search.Tests.Embeddings.Remote;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Tests.Pipeline;

/// <summary>A catalog whose vectors come from a service: built, changed to another model, searched.</summary>
public sealed class RemoteEmbedderTests : IAsyncLifetime, IDisposable
{
    private const int Products = 40;

    private readonly IndexFixture _index = new();
    private readonly List<ServiceProvider> _services = [];
    private EmbeddingServer _server = null!;

    public async Task InitializeAsync() => _server = await EmbeddingServer.StartAsync();

    public async Task DisposeAsync()
    {
        _services.ForEach(s => s.Dispose());
        await _server.DisposeAsync();
    }

    public void Dispose() => _index.Dispose();

    [Fact]
    public async Task Reindex_SameModel_EmbedsOnceAndReportsWhatItAskedFor()
    {
        var request = _index.Request(_index.Source(Enumerable.Range(0, Products)));
        var first = await _index.RunAsync(request, provider: Provider("letters"));

        Assert.Equal((Products, "letters@26/text-1", 26), (first.Embedded, first.Generation!.EmbeddingModel, first.Generation.Dimensions));
        Assert.Equal((Products + 1, _server.Requests), (first.EmbeddingUsage!.Texts, first.EmbeddingUsage.Requests));
        Assert.True(first.EmbeddingUsage.Tokens > 0);
        Assert.Equal(first.EmbeddingUsage.Tokens * 2m / 1_000_000, first.EmbeddingUsage.Cost);

        var again = await _index.RunAsync(request, provider: Provider("letters"));
        Assert.True(again.Unchanged);
        Assert.Equal((0, 1), (again.Embedded, again.EmbeddingUsage!.Texts));
    }

    [Theory]
    [InlineData("other-letters", 26)]
    [InlineData("letters", 12)]
    public async Task Reindex_OtherModelOrDimension_EmbedsEverythingAnew(string model, int dimensions)
    {
        var request = _index.Request(_index.Source(Enumerable.Range(0, Products)));
        await _index.RunAsync(request, provider: Provider("letters"));
        _server.Embed = text => EmbeddingServer.Letters(text)[..dimensions];
        var report = await _index.RunAsync(request, provider: Provider(model, dimensions));

        Assert.Equal((Products, 0), (report.Embedded, report.ReusedVectors));
        Assert.Equal(($"{model}@{dimensions}/text-1", dimensions, 2), (report.Generation!.EmbeddingModel, report.Generation.Dimensions, report.Generation.Number));
    }

    [Fact]
    public async Task Search_GenerationOfAnotherModel_NeverSeesAQueryVectorOfThisOne()
    {
        await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, Products))), provider: Provider("letters"));
        var requests = _server.Requests;

        foreach (var (model, dimensions) in new[] { ("other-letters", 26), ("letters", 12) })
        {
            Assert.Equal("embedding_model_not_configured", (await SearchAsync(model, dimensions)).Degraded);
        }

        Assert.Equal(requests, _server.Requests);
        var own = await SearchAsync("letters", 26);
        Assert.Null(own.Degraded);
        Assert.Equal(requests + 1, _server.Requests);
    }

    [Fact]
    public async Task Search_ServiceGivesOtherDimensionOrNothing_AnswersByWords()
    {
        await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, Products))), provider: Provider("letters"));
        _server.Embed = text => EmbeddingServer.Letters(text)[..12];
        var words = await SearchAsync("letters", 26);

        Assert.Equal("vector_leg_unavailable", words.Degraded);
        Assert.NotEmpty(words.Hits);

        _server.Instead = async (http, _) =>
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        Assert.Equal("vector_leg_unavailable", (await SearchAsync("letters", 26)).Degraded);
    }

    [Fact]
    public async Task Reindex_ServiceDown_LeavesTheLiveGeneration()
    {
        var request = _index.Request(_index.Source(Enumerable.Range(0, Products)));
        await _index.RunAsync(request, provider: Provider("letters"));
        _server.Instead = (http, _) =>
        {
            http.Response.StatusCode = 503;
            return Task.FromResult(true);
        };
        var broken = await Assert.ThrowsAsync<EmbeddingException>(() => _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, Products + 5))), provider: Provider("letters")));

        Assert.Equal("embeddings_unreachable", broken.Code);
        Assert.Equal((1L, Products), (await _index.LiveAsync(), (await _index.IdsAsync()).Count));
    }

    [Fact]
    public async Task Reindex_ProviderNone_MakesNoVectors()
    {
        var report = await _index.RunAsync(_index.Request(_index.Source(Enumerable.Range(0, Products))), provider: Services(("Provider", "none")).GetRequiredService<IEmbedderProvider>());

        Assert.Equal((0, "", 0), (report.Embedded, report.Generation!.EmbeddingModel, report.Generation.Dimensions));
    }

    [Fact]
    public void Provider_NothingSet_IsTheCatalogsOwn() => Assert.IsType<CatalogEmbedderProvider>(Services().GetRequiredService<IEmbedderProvider>());

    [Theory]
    [InlineData("Embeddings:Model is missing", "Provider=openai", "BaseUrl=http://127.0.0.1:1/v1")]
    [InlineData("Embeddings:Dimensions is missing", "Provider=openai", "BaseUrl=http://127.0.0.1:1/v1", "Model=mine")]
    [InlineData("ApiKey or ApiKeyFile is missing", "Provider=openai", "Model=text-embedding-3-small")]
    [InlineData("no http or https URL", "Provider=openai", "Model=text-embedding-3-small", "BaseUrl=http://me:secret@host/v1")]
    [InlineData("no embedding model of Bedrock", "Provider=bedrock", "Model=anthropic.claude", "Dimensions=5")]
    [InlineData("not both", "Provider=openai", "Model=text-embedding-3-small", "ApiKey=very-secret", "ApiKeyFile=/none")]
    [InlineData("BatchSize", "BatchSize=0")]
    public void Settings_Wrong_StopTheStart(string word, params string[] settings)
    {
        var services = Services([.. settings.Select(s => (s.Split('=')[0], s.Split('=')[1]))]);
        var wrong = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<EmbeddingsOptions>>().Value);

        Assert.Contains(word, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", wrong.Message, StringComparison.Ordinal);
    }

    private async Task<ProductPage> SearchAsync(string model, int dimensions)
    {
        // As a server of those settings would.
        using var engine = new EmbeddedCatalog(
            new EmbeddedCatalogOptions { Directory = _index.Folder["catalogs"] },
            new QueryEmbedders(Remote(model, dimensions).GetServices<IProductEmbedder>()),
            TimeProvider.System,
            NullLogger<EmbeddedCatalog>.Instance);
        return await engine.SearchAsync(_index.System, new ProductQuery { Catalog = "test", Text = "product chair" }, default);
    }

    private IEmbedderProvider Provider(string model, int dimensions = 26) => Remote(model, dimensions).GetRequiredService<IEmbedderProvider>();

    private ServiceProvider Remote(string model, int dimensions) => Services(
        ("Provider", "openai"), ("Model", model), ("Dimensions", dimensions.ToString(CultureInfo.InvariantCulture)), ("BaseUrl", _server.Url + "/v1"), ("PricePerMillionTokens", "2"),
        ("BatchSize", "16"), ("Retries", "1"), ("FirstPauseMilliseconds", "1"), ("QueryTimeoutMilliseconds", "5000"));

    private ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => $"{EmbeddingsOptions.Section}:{s.Key}", s => (string?)s.Value)).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddEmbedders(configuration).BuildServiceProvider();
        _services.Add(services);
        return services;
    }
}
