using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// Brings changes into a build: keeps what is the same, takes over vectors of unchanged texts, embeds the rest in batches beside the writing. Counts what the build must
/// hold in the end. Not thread-safe.
/// </summary>
internal sealed class BuildWriter(ICatalogBuild build, PreparedEmbedder? prepared, EmbeddingQueue? queue, VectorCache? cache, BuildPlan plan)
{
    /// <summary>Products embedded at a time.</summary>
    public const int BatchSize = 256;

    private readonly IProductEmbedder? _embedder = prepared?.Embedder;
    private readonly List<PendingProduct> _reused = new(BatchSize);
    private List<PendingProduct> _batch = new(BatchSize);

    /// <summary>Products put.</summary>
    public int Put { get; private set; }

    public int Embedded { get; private set; }

    /// <summary>Products whose vector an earlier, abandoned run had made.</summary>
    public int Recovered { get; private set; }

    public int ReusedVectors { get; private set; }

    /// <summary>Products that must have a vector in the finished build.</summary>
    public int WithVector { get; private set; }

    /// <summary>Takes one change whose verdict is known.</summary>
    public async ValueTask AddAsync(SpoolEntry entry, Verdict verdict, ProductStamp? before, CancellationToken cancellationToken)
    {
        switch (verdict)
        {
            case Verdict.Delete:
                if (!plan.IsFull || plan.IsCatchingUp)
                {
                    build.Delete(entry.Id);
                }

                break;
            case Verdict.Stale when plan.IsFull && !plan.IsCatchingUp && before is not null:
                Keep(entry.Id, before.Value);
                break;
            case Verdict.Keep when CanKeep(entry, before!.Value):
                if (plan.IsFull && !plan.IsCatchingUp)
                {
                    Keep(entry.Id, before.Value);
                }
                else
                {
                    CountReused(_embedder is not null && before.Value.HasVector);
                }

                break;
            case Verdict.Add or Verdict.Update or Verdict.Keep:
                await WriteAsync(entry, before, cancellationToken).ConfigureAwait(false);
                break;
            default:
                break;
        }
    }

    /// <summary>Embeds and writes what is left.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await FlushReusedAsync(cancellationToken).ConfigureAwait(false);
        StartBatch();
        while (queue is { IsEmpty: false })
        {
            await TakeEmbeddedAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Same content under the same model has the same text, so the digest of the text is only made where a vector is missing.</summary>
    private bool CanKeep(in SpoolEntry entry, in ProductStamp before) =>
        !plan.Force && plan.IsSameModel && (_embedder is null || before.HasVector || before.Embedding == Digests.OfEmbedding(_embedder.ModelId, _embedder.TextOf(entry.Product())));

    private void Keep(string id, in ProductStamp before)
    {
        build.Keep(id);
        CountReused(_embedder is not null && plan.IsSameModel && before.HasVector);
    }

    private async ValueTask WriteAsync(SpoolEntry entry, ProductStamp? before, CancellationToken cancellationToken)
    {
        var product = entry.Product();
        if (_embedder is null)
        {
            await PutAsync(new IndexedProduct(product, entry.Content, default, default, entry.Version), cancellationToken).ConfigureAwait(false);
            return;
        }

        var pending = new PendingProduct(product, entry.Content, Digests.OfEmbedding(_embedder.ModelId, _embedder.TextOf(product)), entry.Version);
        if (!plan.Force && before is { HasVector: true } known && known.Embedding == pending.Embedding)
        {
            _reused.Add(pending);
            if (_reused.Count == BatchSize)
            {
                await FlushReusedAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        else if (cache?.Find(pending.Embedding) is { } vector)
        {
            Recovered++;
            WithVector += vector.IsEmpty ? 0 : 1;
            await PutAsync(pending.With(vector), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await EmbedLaterAsync(pending, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask EmbedLaterAsync(PendingProduct pending, CancellationToken cancellationToken)
    {
        _batch.Add(pending);
        if (_batch.Count < BatchSize)
        {
            return;
        }

        if (queue!.IsFull)
        {
            await TakeEmbeddedAsync(cancellationToken).ConfigureAwait(false);
        }

        StartBatch();
    }

    private void StartBatch()
    {
        if (_batch.Count > 0)
        {
            queue!.Start(_batch);
            _batch = new(BatchSize);
        }
    }

    /// <summary>Writes products whose text is as before with the vectors they have; one whose vector is gone is embedded like a new one.</summary>
    private async ValueTask FlushReusedAsync(CancellationToken cancellationToken)
    {
        var vectors = _reused.Count == 0 ? [] : await build.ReadVectorsAsync([.. _reused.Select(r => r.Product.Id)], cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < _reused.Count; i++)
        {
            if (vectors[i].IsEmpty)
            {
                await EmbedLaterAsync(_reused[i], cancellationToken).ConfigureAwait(false);
                continue;
            }

            CountReused(true);
            await PutAsync(_reused[i].With(vectors[i]), cancellationToken).ConfigureAwait(false);
        }

        _reused.Clear();
    }

    private async ValueTask TakeEmbeddedAsync(CancellationToken cancellationToken)
    {
        var (batch, vectors) = await queue!.NextAsync().ConfigureAwait(false);
        for (var i = 0; i < batch.Count; i++)
        {
            cache?.Add(batch[i].Embedding, vectors[i].Span);
        }

        // Before anything is written, which may fail: what was embedded is kept.
        cache?.Flush();
        for (var i = 0; i < batch.Count; i++)
        {
            await PutAsync(batch[i].With(vectors[i]), cancellationToken).ConfigureAwait(false);
            WithVector += vectors[i].IsEmpty ? 0 : 1;
        }

        Embedded += batch.Count;
    }

    private ValueTask PutAsync(IndexedProduct product, CancellationToken cancellationToken)
    {
        Put++;
        return build.PutAsync(product, cancellationToken);
    }

    private void CountReused(bool hasVector)
    {
        ReusedVectors += hasVector ? 1 : 0;
        WithVector += hasVector ? 1 : 0;
    }
}
