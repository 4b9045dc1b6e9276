using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>Embeds batches beside the writing, a bounded number at once, and gives them back in the order they came. Not thread-safe.</summary>
internal sealed class EmbeddingQueue(IProductEmbedder embedder, int concurrency, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly Queue<(IReadOnlyList<PendingProduct> Batch, Task<IReadOnlyList<ReadOnlyMemory<float>>> Vectors)> _running = new();

    public bool IsEmpty => _running.Count == 0;

    public bool IsFull => _running.Count >= concurrency;

    /// <summary>Begins a batch.</summary>
    public void Start(IReadOnlyList<PendingProduct> batch)
    {
        Product[] products = [.. batch.Select(p => p.Product)];
        _running.Enqueue((batch, Task.Run(() => EmbeddingBatch.EmbedAsync(embedder, products, cancellationToken), cancellationToken)));
    }

    /// <summary>Waits for the oldest batch.</summary>
    public async Task<(IReadOnlyList<PendingProduct> Batch, IReadOnlyList<ReadOnlyMemory<float>> Vectors)> NextAsync()
    {
        var (batch, vectors) = _running.Dequeue();
        return (batch, await vectors.ConfigureAwait(false));
    }

    /// <summary>Waits for what still runs, so that no call outlives the run; its failures were told by the first one.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_running.Select(r => (Task)r.Vectors)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
