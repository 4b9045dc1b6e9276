using System.Threading.Channels;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Tests.Support;

/// <summary>A real store that holds builds up at a named step until it is let go or the build is cancelled.</summary>
internal sealed class GatedStore(ICatalogStore store) : ICatalogStore
{
    public const string Begin = "begin";
    public const string Put = "put";
    public const string Finish = "finish";

    private readonly Channel<string> _reached = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where builds are held up; null for nowhere.</summary>
    public string? Gate { get; set; }

    /// <summary>What every look at the store meets, as when the engine is away; null when it is there.</summary>
    public Exception? Away { get; set; }

    /// <summary>Ends when one more build has come to the gate.</summary>
    public async Task ReachedAsync() => await _reached.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public void Open() => _open.TrySetResult();

    public ValueTask<IReadOnlyList<string>> CatalogNamesAsync(AccessScope system, CancellationToken cancellationToken) => Here().CatalogNamesAsync(system, cancellationToken);

    public ValueTask<IReadOnlyList<GenerationInfo>> ListGenerationsAsync(AccessScope system, string catalog, CancellationToken cancellationToken) =>
        Here().ListGenerationsAsync(system, catalog, cancellationToken);

    public async ValueTask<ICatalogBuild> BeginBuildAsync(AccessScope system, CatalogBuildRequest request, CancellationToken cancellationToken)
    {
        await PassAsync(Begin, cancellationToken);
        return new Build(this, await store.BeginBuildAsync(system, request, cancellationToken));
    }

    public ValueTask<GenerationInfo> RollbackAsync(AccessScope system, string catalog, CancellationToken cancellationToken) => Here().RollbackAsync(system, catalog, cancellationToken);

    public ValueTask<IReadOnlyList<string>> VerifyAsync(AccessScope system, string catalog, CancellationToken cancellationToken) => store.VerifyAsync(system, catalog, cancellationToken);

    private ICatalogStore Here() => Away is { } away ? throw away : store;

    public async Task PassAsync(string step, CancellationToken cancellationToken)
    {
        if (Gate == step && !_open.Task.IsCompleted)
        {
            _reached.Writer.TryWrite(step);
            await _open.Task.WaitAsync(cancellationToken);
        }
    }

    private sealed class Build(GatedStore owner, ICatalogBuild build) : ICatalogBuild
    {
        public long Generation => build.Generation;

        public int PreviousProducts => build.PreviousProducts;

        public GenerationInfo? Unchanged => build.Unchanged;

        public IReadOnlyList<RefusedProduct> Refused => build.Refused;

        public void UseEmbeddings(string modelId, int dimensions) => build.UseEmbeddings(modelId, dimensions);

        public ValueTask<long> ResumeAsync(string key, CancellationToken cancellationToken) => build.ResumeAsync(key, cancellationToken);

        public ValueTask CheckpointAsync(long done, CancellationToken cancellationToken) => build.CheckpointAsync(done, cancellationToken);

        public bool Delete(string id) => build.Delete(id);

        public ICatalogIndex Candidate => build.Candidate;

        public ProductStamp? Find(string id) => build.Find(id);

        public ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> ReadVectorsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) => build.ReadVectorsAsync(ids, cancellationToken);

        public void Keep(string id) => build.Keep(id);

        public async ValueTask PutAsync(IndexedProduct product, CancellationToken cancellationToken)
        {
            await owner.PassAsync(Put, cancellationToken);
            await build.PutAsync(product, cancellationToken);
        }

        public ValueTask AttachAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => build.AttachAsync(name, content, cancellationToken);

        public ValueTask<byte[]?> ReadAttachmentAsync(string name, CancellationToken cancellationToken) => build.ReadAttachmentAsync(name, cancellationToken);

        public async ValueTask<CatalogBuildReport> FinishAsync(bool deleteOthers, CancellationToken cancellationToken)
        {
            await owner.PassAsync(Finish, cancellationToken);
            return await build.FinishAsync(deleteOthers, cancellationToken);
        }

        public ValueTask<GenerationInfo> CommitAsync(CancellationToken cancellationToken) => build.CommitAsync(cancellationToken);

        public ValueTask DisposeAsync() => build.DisposeAsync();
    }
}
