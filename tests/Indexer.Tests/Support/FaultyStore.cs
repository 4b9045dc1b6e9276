using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Tests.Support;

/// <summary>A real store whose builds fail where told, or lie about what they hold.</summary>
internal sealed class FaultyStore(ICatalogStore store) : ICatalogStore
{
    /// <summary>The number of the call, over all calls of all builds, that throws; 0 for none.</summary>
    public int FailAt { get; init; }

    /// <summary>What is thrown; a full disk unless said otherwise.</summary>
    public Func<Exception> Failure { get; init; } = () => new IOException("No space left on device");

    public Func<CatalogBuildReport, CatalogBuildReport> Lie { get; init; } = r => r;

    /// <summary>Stands between the finished generation and whoever looks at it.</summary>
    public Func<ICatalogIndex, ICatalogIndex> Look { get; init; } = i => i;

    /// <summary>Id of a product that the engine takes and then refuses; null for none.</summary>
    public string? Refuses { get; init; }

    public int Calls { get; private set; }

    public void Step()
    {
        if (++Calls == FailAt)
        {
            throw Failure();
        }
    }

    public ValueTask<IReadOnlyList<string>> CatalogNamesAsync(AccessScope system, CancellationToken cancellationToken) => store.CatalogNamesAsync(system, cancellationToken);

    public ValueTask<IReadOnlyList<GenerationInfo>> ListGenerationsAsync(AccessScope system, string catalog, CancellationToken cancellationToken) =>
        store.ListGenerationsAsync(system, catalog, cancellationToken);

    public async ValueTask<ICatalogBuild> BeginBuildAsync(AccessScope system, CatalogBuildRequest request, CancellationToken cancellationToken)
    {
        Step();
        return new Build(this, await store.BeginBuildAsync(system, request, cancellationToken));
    }

    public ValueTask<GenerationInfo> RollbackAsync(AccessScope system, string catalog, CancellationToken cancellationToken) => store.RollbackAsync(system, catalog, cancellationToken);

    public ValueTask<IReadOnlyList<string>> VerifyAsync(AccessScope system, string catalog, CancellationToken cancellationToken) => store.VerifyAsync(system, catalog, cancellationToken);

    private sealed class Build(FaultyStore owner, ICatalogBuild build) : ICatalogBuild
    {
        private bool _refused;

        public long Generation => build.Generation;

        public int PreviousProducts => build.PreviousProducts;

        public GenerationInfo? Unchanged => build.Unchanged;

        public IReadOnlyList<RefusedProduct> Refused => _refused ? [new RefusedProduct(owner.Refuses!, "poison", "it breaks a bound of the index")] : build.Refused;

        public void UseEmbeddings(string modelId, int dimensions) => build.UseEmbeddings(modelId, dimensions);

        public ValueTask<long> ResumeAsync(string key, CancellationToken cancellationToken) => build.ResumeAsync(key, cancellationToken);

        public ValueTask CheckpointAsync(long done, CancellationToken cancellationToken) => build.CheckpointAsync(done, cancellationToken);

        public bool Delete(string id) => build.Delete(id);

        public ICatalogIndex Candidate => owner.Look(build.Candidate);

        public ProductStamp? Find(string id) => build.Find(id);

        public ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> ReadVectorsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) => build.ReadVectorsAsync(ids, cancellationToken);

        public void Keep(string id)
        {
            owner.Step();
            build.Keep(id);
        }

        public ValueTask PutAsync(IndexedProduct product, CancellationToken cancellationToken)
        {
            owner.Step();
            if (product.Product.Id == owner.Refuses)
            {
                _refused = true;
                return ValueTask.CompletedTask;
            }

            return build.PutAsync(product, cancellationToken);
        }

        public ValueTask AttachAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
        {
            owner.Step();
            return build.AttachAsync(name, content, cancellationToken);
        }

        public ValueTask<byte[]?> ReadAttachmentAsync(string name, CancellationToken cancellationToken) => build.ReadAttachmentAsync(name, cancellationToken);

        public async ValueTask<CatalogBuildReport> FinishAsync(bool deleteOthers, CancellationToken cancellationToken)
        {
            owner.Step();
            return owner.Lie(await build.FinishAsync(deleteOthers, cancellationToken));
        }

        public ValueTask<GenerationInfo> CommitAsync(CancellationToken cancellationToken)
        {
            owner.Step();
            return build.CommitAsync(cancellationToken);
        }

        public ValueTask DisposeAsync() => build.DisposeAsync();
    }
}
