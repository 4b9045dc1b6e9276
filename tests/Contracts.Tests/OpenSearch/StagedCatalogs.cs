using System.Buffers;
using System.Text;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Search.OpenSearch.Documents;
using AiPlatform.Search.OpenSearch.Querying;
using AiPlatform.Search.OpenSearch.Transport;

namespace AiPlatform.Contracts.Tests.OpenSearch;

/// <summary>Fills indexes for tests of the reading side, without what a worker does: no lease, no diff, no checkpoint. What is live is known in this process only.</summary>
internal sealed class StagedCatalogs(OpenSearchConnection connection, string prefix, IProductEmbedder? embedder = null) : ICatalogStore, ILiveIndexes, IAsyncDisposable
{
    private readonly SortedDictionary<string, List<(LiveIndex Index, int Products)>> _generations = new(StringComparer.Ordinal);
    private readonly OpenSearchConnection _connection = connection;
    private readonly string _prefix = prefix;
    private readonly IProductEmbedder? _embedder = embedder;
    private readonly HashSet<string> _building = [];
    private readonly List<string> _made = [];

    public ValueTask<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>([.. _generations.Keys]);

    public ValueTask<LiveIndex?> FindAsync(string catalog, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_generations.TryGetValue(catalog, out var kept) ? kept[^1].Index : null);

    public void Forget(LiveIndex gone)
    {
    }

    public ValueTask<IReadOnlyList<string>> CatalogNamesAsync(AccessScope system, CancellationToken cancellationToken)
    {
        Demand(system);
        return NamesAsync(cancellationToken);
    }

    public ValueTask<IReadOnlyList<GenerationInfo>> ListGenerationsAsync(AccessScope system, string catalog, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<GenerationInfo>>(_generations.TryGetValue(catalog, out var kept) ? [.. kept.Select(Info).Reverse()] : []);

    public ValueTask<ICatalogBuild> BeginBuildAsync(AccessScope system, CatalogBuildRequest request, CancellationToken cancellationToken)
    {
        Demand(system);
        return _building.Add(request.Catalog) ? ValueTask.FromResult<ICatalogBuild>(new Build(this, request)) : throw new CatalogBusyException(request.Catalog);
    }

    public ValueTask<GenerationInfo> RollbackAsync(AccessScope system, string catalog, CancellationToken cancellationToken)
    {
        var kept = _generations[catalog];
        var (previous, products) = kept[^2];
        kept.Add((previous with { Generation = kept[^1].Index.Generation + 1 }, products));
        return ValueTask.FromResult(Info(kept[^1]));
    }

    public ValueTask<IReadOnlyList<string>> VerifyAsync(AccessScope system, string catalog, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Removes a live index behind the reader's back.</summary>
    public async Task RemoveAsync(string index) => (await _connection.SendAsync(HttpMethod.Delete, "/" + index, default, true, default)).Dispose();

    public async ValueTask DisposeAsync()
    {
        foreach (var index in _made)
        {
            (await _connection.SendAsync(new OpenSearchRequest(HttpMethod.Delete, "/" + index) { MissingIsAnswer = true }, default)).Dispose();
        }
    }

    private static void Demand(AccessScope system)
    {
        if (!system.ProductsIn("", DateTimeOffset.UtcNow).SeesEverything)
        {
            throw new AccessRefusedException("not_allowed", "Only a system scope writes.");
        }
    }

    private static GenerationInfo Info((LiveIndex Index, int Products) kept) =>
        new(kept.Index.Catalog, kept.Index.Generation, DateTimeOffset.UnixEpoch, kept.Products, kept.Index.EmbeddingModel, kept.Index.Dimensions, "staged", 0);

    private sealed class Build(StagedCatalogs owner, CatalogBuildRequest request) : ICatalogBuild
    {
        private readonly ArrayBufferWriter<byte> _bulk = new();
        private readonly ProductDocument _document = new(TextAnalyzers.Get(request.Analyzer), request.Dimensions);
        private readonly string _index = $"{owner._prefix}-{request.Catalog}-{owner._made.Count:D8}";
        private int _products;
        private bool _created;

        public long Generation { get; } = owner._generations.TryGetValue(request.Catalog, out var kept) ? kept[^1].Index.Generation + 1 : 1;

        public int PreviousProducts => 0;

        public GenerationInfo? Unchanged => null;

        public IReadOnlyList<RefusedProduct> Refused => [];

        public ICatalogIndex Candidate => throw new NotSupportedException();

        public void UseEmbeddings(string modelId, int dimensions) => throw new NotSupportedException();

        public ValueTask<long> ResumeAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask CheckpointAsync(long done, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ProductStamp? Find(string id) => null;

        public ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> ReadVectorsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Keep(string id) => throw new NotSupportedException();

        public bool Delete(string id) => throw new NotSupportedException();

        public ValueTask AttachAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<byte[]?> ReadAttachmentAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public async ValueTask PutAsync(IndexedProduct product, CancellationToken cancellationToken)
        {
            using (var json = new Utf8JsonWriter(_bulk))
            {
                json.WriteStartObject();
                json.WriteStartObject("index");
                json.WriteString("_id", product.Product.Id);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            _bulk.Write("\n"u8);
            using (var json = new Utf8JsonWriter(_bulk))
            {
                _document.Write(json, product);
            }

            _bulk.Write("\n"u8);
            _products++;
            if (_bulk.WrittenCount > 4 << 20)
            {
                await FlushAsync(cancellationToken);
            }
        }

        public async ValueTask<CatalogBuildReport> FinishAsync(bool deleteOthers, CancellationToken cancellationToken)
        {
            await FlushAsync(cancellationToken);
            (await owner._connection.SendAsync(HttpMethod.Post, $"/{_index}/_refresh", default, true, cancellationToken)).Dispose();
            return null!;
        }

        public ValueTask<GenerationInfo> CommitAsync(CancellationToken cancellationToken)
        {
            var live = new LiveIndex(request.Catalog, _index, Generation, request.EmbeddingModel, request.Dimensions, TextAnalyzers.Get(request.Analyzer), owner._embedder, "key"u8.ToArray());
            if (!owner._generations.TryGetValue(request.Catalog, out var kept))
            {
                owner._generations.Add(request.Catalog, kept = []);
            }

            kept.Add((live, _products));
            return ValueTask.FromResult(Info(kept[^1]));
        }

        public ValueTask DisposeAsync()
        {
            owner._building.Remove(request.Catalog);
            return ValueTask.CompletedTask;
        }

        private async Task FlushAsync(CancellationToken cancellationToken)
        {
            if (!_created)
            {
                _created = true;
                owner._made.Add(_index);
                var body = IndexTemplate.Load(IndexTemplate.DefaultFolder).IndexBody(request.Dimensions, OpenSearchVectorEngine.Lucene);
                body["settings"]!["index"]!["number_of_replicas"] = 0;
                (await owner._connection.SendAsync(HttpMethod.Put, "/" + _index, Encoding.UTF8.GetBytes(body.ToJsonString()), true, cancellationToken)).Dispose();
            }

            if (_bulk.WrittenCount == 0)
            {
                return;
            }

            using var answer = await owner._connection.SendAsync(new OpenSearchRequest(HttpMethod.Post, $"/{_index}/_bulk") { Body = _bulk.WrittenMemory.ToArray(), Lines = true, Timeout = TimeSpan.FromMinutes(2) }, cancellationToken);
            if (answer.Root.GetProperty("errors").GetBoolean())
            {
                throw new InvalidOperationException(answer.Root.ToString()[..2_000]);
            }

            _bulk.Clear();
        }
    }
}
