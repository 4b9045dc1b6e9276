using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Gates;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Search.Embedded;
using AiPlatform.Search.Embeddings;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Indexer.Tests.Support;

/// <summary>The in-process engine in a folder of its own, and reindexing into it.</summary>
internal sealed class IndexFixture : IDisposable
{
    public const string Yaml = """
        fields:
          id: id
          name: name
          description: text
          price: price
          currency: { constant: EUR }
          accessLevel: { path: level, default: public }
          allowedGroups: { path: groups, default: [everyone] }
        """;

    private readonly AccessScope.Issuer _issuer = new(() => AccessPolicy.Empty, new RecordingAudit());

    public IndexFixture()
    {
        Provider = new CatalogEmbedderProvider(new CatalogEmbedderOptions(), NullLogger<CatalogEmbedderProvider>.Instance);
        Engine = new EmbeddedCatalog(
            new EmbeddedCatalogOptions { Directory = Folder["catalogs"], ReloadCheckMilliseconds = 0 }, new QueryEmbedders([]), TimeProvider.System, NullLogger<EmbeddedCatalog>.Instance);
        System = _issuer.IssueSystem("tests", "reads everything");
    }

    public TemporaryFolder Folder { get; } = new();

    public EmbeddedCatalog Engine { get; }

    public CatalogEmbedderProvider Provider { get; }

    public AccessScope System { get; }

    public string Data => Folder["data"];

    public ReindexRequest Request(string source, string yaml = Yaml, string catalog = "test") => new()
    {
        SourcePath = source, Mapping = MappingReader.Parse(yaml, "test.yaml"), Catalog = catalog, DataDirectory = Data,
    };

    public Task<ReindexReport> RunAsync(
        ReindexRequest request, ICatalogStore? store = null, IEmbedderProvider? provider = null, IProgress<ReindexProgress>? progress = null, ReindexGates? gates = null, CancellationToken cancellationToken = default) =>
        new ReindexJob(store ?? Engine, provider ?? Provider, TimeProvider.System, NullLogger<ReindexJob>.Instance, gates: gates).RunAsync(System, request, progress, cancellationToken);

    /// <summary>Writes rows of the ids as a source; the text says which revision they are of.</summary>
    public string Source(IEnumerable<int> ids, Func<int, string>? text = null, Func<int, string>? extra = null) => Folder.Write(
        $"{Path.GetRandomFileName()}.jsonl",
        string.Concat(ids.Select(i => $$"""{"id":"p{{i}}","name":"Product number {{i}} {{Word(i)}}","text":"{{text?.Invoke(i) ?? "first " + Word(i * 3)}}","price":{{i}}{{extra?.Invoke(i)}}}""" + "\n")));

    public async Task<IReadOnlyList<string>> IdsAsync(string catalog = "test")
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = await Engine.SearchAsync(System, new ProductQuery { Catalog = catalog, PageSize = 200, Cursor = cursor }, CancellationToken.None);
            ids.AddRange(page.Hits.Select(h => h.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return [.. ids.Order(StringComparer.Ordinal)];
    }

    public async Task<Product?> GetAsync(string id, string catalog = "test") =>
        (await Engine.GetAsync(System, catalog, [id], CancellationToken.None)).SingleOrDefault();

    public async Task<long> LiveAsync(string catalog = "test") =>
        (await Engine.ListGenerationsAsync(System, catalog, CancellationToken.None)).Select(g => g.Number).FirstOrDefault();

    public void Dispose()
    {
        Engine.Dispose();
        Folder.Dispose();
    }

    private static string Word(int i) => ImmutableArray.Create("lamp", "chair", "kettle", "shoe", "phone", "drill", "towel")[i % 7];
}
