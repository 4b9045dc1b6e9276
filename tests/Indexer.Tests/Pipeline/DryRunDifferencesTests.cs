using System.Text;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Pipeline;

/// <summary>A dry run tells every difference from how the live generation was made, and none that is not there.</summary>
public sealed class DryRunDifferencesTests : IDisposable
{
    private readonly IndexFixture _index = new();
    private readonly string _source;

    public DryRunDifferencesTests() => _source = _index.Source(Enumerable.Range(0, 30));

    public void Dispose() => _index.Dispose();

    [Fact]
    public async Task DryRun_FirstGeneration_TellsNone() => Assert.Empty(await DifferencesAsync());

    [Fact]
    public async Task DryRun_MadeTheSameWay_TellsNone()
    {
        await _index.RunAsync(_index.Request(_source));
        Assert.Empty(await DifferencesAsync());

        // Other rows, the same mapping under another name, and changes: none of it changes how products are made.
        Assert.Empty(await DifferencesAsync(_index.Request(_index.Source(Enumerable.Range(5, 40)))));
        var request = _index.Request(_source);
        Assert.Empty(await DifferencesAsync(request with { Mapping = request.Mapping with { Name = "renamed.yaml" } }));
        Assert.Empty(await DifferencesAsync(request with { Mode = ReindexMode.Incremental }));
    }

    [Fact]
    public async Task DryRun_CatalogTooSmallForAModel_TellsNone()
    {
        var one = _index.Source([1]);
        await _index.RunAsync(_index.Request(one));

        Assert.Empty(await DifferencesAsync(_index.Request(one)));
    }

    [Fact]
    public async Task DryRun_OtherMappingText_IsTold()
    {
        await _index.RunAsync(_index.Request(_source));
        var changed = _index.Request(_source, IndexFixture.Yaml.Replace("description: text", "description: name", StringComparison.Ordinal));

        Assert.StartsWith("mapping: test.yaml has changed since generation 1", Assert.Single(await DifferencesAsync(changed)), StringComparison.Ordinal);
        Assert.Equal("mapping: test.yaml becomes other.yaml", Assert.Single(await DifferencesAsync(changed with { Mapping = changed.Mapping with { Name = "other.yaml" } })));
    }

    [Fact]
    public async Task DryRun_OtherAnalyzer_IsTold()
    {
        await _index.RunAsync(_index.Request(_source));
        var plain = await DifferencesAsync(_index.Request(_source, "analyzer: plain\n" + IndexFixture.Yaml));

        Assert.Contains("analyzer: english becomes plain, so every product is analysed again", plain);
    }

    [Fact]
    public async Task DryRun_OtherEmbedder_IsTold()
    {
        await _index.RunAsync(_index.Request(_source));
        Assert.Contains("would go", Assert.Single(await DifferencesAsync(provider: new NoEmbedderProvider())), StringComparison.Ordinal);
        Assert.Contains("every product is embedded again", Assert.Single(await DifferencesAsync(provider: new FixedEmbedders("remote", 8))), StringComparison.Ordinal);

        await _index.RunAsync(_index.Request(_source), provider: new NoEmbedderProvider());
        Assert.Contains("has no vectors", Assert.Single(await DifferencesAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public void Provenance_OfAVersionBefore_SaysNothingOfItsEmbedder()
    {
        var before = Provenance.Read(Encoding.UTF8.GetBytes("""{"Mapping":"a.yaml","MappingDigest":"1","Analyzer":"english"}"""));

        Assert.Equal(new Provenance("a.yaml", "1", "english", null), before);
    }

    private async Task<IReadOnlyList<string>> DifferencesAsync(ReindexRequest? request = null, IEmbedderProvider? provider = null) =>
        (await _index.RunAsync((request ?? _index.Request(_source)) with { DryRun = true, MaxDeleted = 1 }, provider: provider)).Differences;
}
