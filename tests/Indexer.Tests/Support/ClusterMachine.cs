using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Search.OpenSearch;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Indexer.Tests.Support;

/// <summary>A machine that shares nothing with others but the cluster: an engine of its own, and a data folder.</summary>
internal sealed class ClusterMachine(OpenSearchOptions options) : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddOpenSearch(options).BuildServiceProvider();

    public AccessScope System { get; } = new AccessScope.Issuer(() => AccessPolicy.Empty, new RecordingAudit()).IssueSystem("tests", "reads everything");

    public TemporaryFolder Folder { get; } = new();

    public ICatalogStore Store => _services.GetRequiredService<ICatalogStore>();

    public ICatalogIndex Index => _services.GetRequiredService<ICatalogIndex>();

    public IChangeJournal Journal => _services.GetRequiredService<IChangeJournal>();

    public Task<ReindexReport> RunAsync(
        string yaml, IEnumerable<string> rows, ReindexMode mode = ReindexMode.Full, ICatalogStore? store = null, IProgress<ReindexProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var source = Folder.Write(Path.GetRandomFileName() + ".jsonl", string.Concat(rows.Select(r => r + "\n")));
        var request = new ReindexRequest { SourcePath = source, Mapping = MappingReader.Parse(yaml, "test.yaml"), Catalog = "test", DataDirectory = Folder["data"], Mode = mode };
        return new ReindexJob(store ?? Store, null, TimeProvider.System, NullLogger<ReindexJob>.Instance, journal: Journal).RunAsync(System, request, progress, cancellationToken);
    }

    public async Task<Product?> GetAsync(string id) => (await Index.GetAsync(System, "test", [id], CancellationToken.None)).SingleOrDefault();

    public async Task<GenerationInfo> LiveAsync() => (await Store.ListGenerationsAsync(System, "test", CancellationToken.None))[0];

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Folder.Dispose();
    }
}
