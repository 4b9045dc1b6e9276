using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Search.OpenSearch.Querying;
using AiPlatform.Search.OpenSearch.Transport;
using AiPlatform.Search.Ranking;
using AiPlatform.Search.Tests.Embedded.Support;
using AiPlatform.Search.Tests.OpenSearch.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AiPlatform.Search.Tests.OpenSearch;

/// <summary>What nodes of both generations answer to searches, replayed: the reading side takes it as it was meant.</summary>
public sealed class ReadReplayTests
{
    private const string Three = "3.5.0";
    private const string Two = "2.19.1";
    private const string Counted = """{"took":1,"timed_out":false,"_shards":{"failed":0},"hits":{"total":{"value":2,"relation":"eq"}},"status":200}""";
    private const string Lexical = """{"took":1,"timed_out":false,"_shards":{"failed":0},"hits":{"total":{"value":2,"relation":"eq"},"hits":[{"_score":2.5,"fields":{"brand":["acme"]},"sort":[2.5,"p1"]},{"_score":1.5,"sort":[1.5,"p2"]}]},"status":200}""";

    [SkippableTheory]
    [InlineData(Two)]
    [InlineData(Three)]
    public async Task MultiSearch_TwoLegsAndAMissingIndex_AreReadOneByOne(string version)
    {
        await using var stub = await StubCluster.StartAsync(Transcript.Read(version, "32-msearch-two-legs").Answer);
        using var connection = stub.Connect();
        var searches = new MultiSearch("products-demo");
        for (var i = 0; i < 3; i++)
        {
            searches.Add(json => json.WriteNumber("size", 5));
        }

        using var answer = await searches.SendAsync(connection, default);

        Assert.Equal((2, 4), (SearchHits.Total(answer[0]), SearchHits.Total(answer[1])));
        Assert.True(SearchHits.Score(SearchHits.All(answer[0]).First()) > 0);
        Assert.InRange(CandidateList.Cosine(SearchHits.Score(SearchHits.All(answer[1]).First())), .99f, 1.01f);
        Assert.Equal((404, "index_not_found_exception"), (answer.Failure(2)!.Status, answer.Failure(2)!.Type));
        Assert.Throws<OpenSearchException>(() => answer[2]);
        Assert.Equal(7, Assert.Single(stub.Requests).Body.Split('\n').Length);
    }

    [SkippableTheory]
    [InlineData(Two, "21-search-knn-wrong-dimension", 400)]
    [InlineData(Three, "21-search-knn-wrong-dimension", 400)]
    [InlineData(Three, "39-search-parse-error", 400)]
    [InlineData(Three, "40-search-unknown-field-sort", 400)]
    [InlineData(Three, "41-search-too-many-results", 400)]
    [InlineData(Three, "46-pit-gone", 404)]
    public async Task Search_RefusedByTheNode_SaysWhy(string version, string name, int status)
    {
        await using var stub = await StubCluster.StartAsync((context, body) => Answer(context, body, _ => Transcript.Read(version, name).Body));
        using var connection = stub.Connect();
        var searches = new MultiSearch("any");
        searches.Add(json => json.WriteNumber("size", 0));

        using var answer = await searches.SendAsync(connection, default);

        var failure = answer.Failure(0)!;
        Assert.Equal((status, OpenSearchErrors.Rejected), (failure.Status, failure.Code));
        Assert.True(failure.Type.Length > 0 && failure.Reason.Length > 0 && failure.Reason != "all shards failed", failure.Message);
    }

    [SkippableTheory]
    [InlineData(Two)]
    [InlineData(Three)]
    public async Task VectorLeg_RefusedByTheNode_WordsAnswerAndSaySo(string version)
    {
        var refused = Transcript.Read(version, "21-search-knn-wrong-dimension").Body;
        await using var stub = await StubCluster.StartAsync((context, body) => Answer(context, body, search => search.Contains("\"knn\"", StringComparison.Ordinal) ? refused : Plain(search)));
        using var connection = stub.Connect();
        var index = Index(connection, new Known(Live(new HashEmbedder())));

        var page = await index.SearchAsync(Given.Member(), new ProductQuery { Catalog = Given.Catalog, Text = "lamp", IncludeProducts = false }, default);

        Assert.Equal(["p1", "p2"], page.Hits.Select(h => h.Id));
        Assert.Equal(("vector_leg_unavailable", 2), (page.Degraded, page.Total));
        Assert.Contains(stub.Requests, r => r.Body.Contains("\"knn\"", StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData(Two, OpenSearchErrors.InvalidAnswer)]
    [InlineData(Three, OpenSearchErrors.Rejected)]
    public async Task Score_OfAHybridQueryWithoutItsPipeline_IsRefused(string version, string code)
    {
        var raw = Transcript.Read(version, "26-search-hybrid-no-pipeline").Body;
        await using var stub = await StubCluster.StartAsync((context, body) => Answer(context, body, search => search.Contains("_score", StringComparison.Ordinal) ? raw.Replace("\"_score\"", "\"sort\":[1,\"p\"],\"_score\"", StringComparison.Ordinal) : Plain(search)));
        using var connection = stub.Connect();
        var index = Index(connection, new Known(Live(null)));

        var refused = await Assert.ThrowsAsync<OpenSearchException>(() => index.SearchAsync(Given.Member(), new ProductQuery { Catalog = Given.Catalog, Text = "lamp", IncludeProducts = false }, default).AsTask());

        Assert.Equal(code, refused.Code);
    }

    [SkippableTheory]
    [InlineData(Two)]
    [InlineData(Three)]
    public async Task Index_GoneAtFirst_IsLookedUpAgainOnce(string version)
    {
        var gone = Transcript.Read(version, "10-index-missing");
        var asked = 0;
        await using var stub = await StubCluster.StartAsync((context, body) => Interlocked.Increment(ref asked) == 1 ? gone.Answer(context) : Answer(context, body, Plain));
        using var connection = stub.Connect();
        var known = new Known(Live(null));

        var page = await Index(connection, known).SearchAsync(Given.Member(), new ProductQuery { Catalog = Given.Catalog, Text = "lamp", IncludeProducts = false }, default);

        Assert.Equal(2, page.Hits.Length);
        Assert.Equal(1, known.Forgotten);
    }

    [SkippableFact]
    public async Task Index_GoneTwice_IsTheNodesError()
    {
        await using var stub = await StubCluster.StartAsync(Transcript.Read(Three, "10-index-missing").Answer);
        using var connection = stub.Connect();
        var known = new Known(Live(null));

        var failure = await Assert.ThrowsAsync<OpenSearchException>(() => Index(connection, known).GetAsync(Given.Member(), Given.Catalog, ["p1"], default).AsTask());

        Assert.Equal((404, 1), (failure.Status, known.Forgotten));
    }

    [SkippableTheory]
    [InlineData(Two)]
    [InlineData(Three)]
    public void Facets_OfEitherVersion_AreRead(string version)
    {
        using var answer = JsonDocument.Parse(Transcript.Read(version, "34-search-facets").Body);

        var brands = SearchHits.Buckets(answer.RootElement.GetProperty("aggregations").GetProperty("brand"));

        Assert.Equal([("Aurora", 2), ("Cirrus", 2)], brands);
        Assert.Equal(4, SearchHits.Total(answer.RootElement));
    }

    [Theory]
    [InlineData("""{"took":1,"timed_out":true,"_shards":{"failed":0},"hits":{"total":{"value":1},"hits":[]}}""")]
    [InlineData("""{"took":1,"timed_out":false,"_shards":{"failed":1},"hits":{"total":{"value":1},"hits":[]}}""")]
    public async Task Answer_OfAPartOfTheShards_IsNone(string part)
    {
        await using var stub = await StubCluster.StartAsync((context, body) => Answer(context, body, _ => part));
        using var connection = stub.Connect();

        var failure = await Assert.ThrowsAsync<OpenSearchException>(() => Index(connection, new Known(Live(null))).GetAsync(Given.Member(), Given.Catalog, ["p1"], default).AsTask());

        Assert.Equal(OpenSearchErrors.Unavailable, failure.Code);
    }

    [Theory]
    [InlineData("AAEC", new byte[] { 0, 1, 2 })]
    [InlineData("+/8AAQI", new byte[] { 251, 255, 0, 1, 2 })]
    [InlineData("+/8AAQI=", new byte[] { 251, 255, 0, 1, 2 })]
    [InlineData("!", new byte[0])]
    public void Bytes_WithOrWithoutPadding_AreRead(string text, byte[] expected)
    {
        using var hit = JsonDocument.Parse($"{{\"fields\":{{\"codes\":[\"{text}\"]}}}}");

        Assert.Equal(expected, SearchHits.Bytes(hit.RootElement, "codes"));
    }

    [Fact]
    public async Task Answer_OfFewerSearchesThanAsked_IsRefused()
    {
        await using var stub = await StubCluster.StartAsync(StubCluster.Says(200, """{"took":1,"responses":[]}"""));
        using var connection = stub.Connect();

        var failure = await Assert.ThrowsAsync<OpenSearchException>(() => Index(connection, new Known(Live(null))).GetAsync(Given.Member(), Given.Catalog, ["p1"], default).AsTask());

        Assert.Equal(OpenSearchErrors.InvalidAnswer, failure.Code);
    }

    private static string Plain(string search) => search.Contains("\"size\":0", StringComparison.Ordinal) ? Counted : Lexical;

    /// <summary>Answers every search of an <c>_msearch</c> by its body.</summary>
    private static Task Answer(HttpContext context, string body, Func<string, string> search)
    {
        var searches = body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where((_, line) => line % 2 == 1);
        return StubCluster.Says(200, $$"""{"took":1,"responses":[{{string.Join(',', searches.Select(search))}}]}""")(context);
    }

    private static LiveIndex Live(HashEmbedder? embedder) =>
        new(Given.Catalog, "t-main-1", 1, embedder?.ModelId ?? "", embedder?.Dimensions ?? 0, TextAnalyzers.Get(TextAnalyzers.English), embedder, [1, 2, 3]);

    private static OpenSearchCatalogIndex Index(OpenSearchConnection connection, ILiveIndexes indexes) =>
        new(connection, indexes, new RankingOptions(), TimeProvider.System, NullLogger<OpenSearchCatalogIndex>.Instance);

    private sealed class Known(LiveIndex index) : ILiveIndexes
    {
        public int Forgotten { get; private set; }

        public ValueTask<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>([index.Catalog]);

        public ValueTask<LiveIndex?> FindAsync(string catalog, CancellationToken cancellationToken) => ValueTask.FromResult<LiveIndex?>(index);

        public void Forget(LiveIndex gone) => Forgotten++;
    }
}
