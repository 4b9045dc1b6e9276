using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>Brings spooled products into a build: keeps what is the same, takes over vectors of unchanged texts, embeds the rest in batches.</summary>
internal sealed class BuildWriter(ICatalogBuild build, IProductEmbedder? embedder, bool force)
{
    /// <summary>Products embedded at a time.</summary>
    public const int BatchSize = 256;

    private readonly List<(Product Product, ContentHash Content, ContentHash Embedding)> _batch = new(BatchSize);
    private readonly List<(Product Product, ContentHash Content, ContentHash Embedding)> _reused = new(BatchSize);

    public int Written { get; private set; }

    public int Embedded { get; private set; }

    public int ReusedVectors { get; private set; }

    /// <summary>Products that must have a vector in the finished build.</summary>
    public int WithVector { get; private set; }

    public async ValueTask AddAsync(SpooledProduct spooled, CancellationToken cancellationToken)
    {
        var (product, content) = spooled;
        var embedding = embedder is null ? default : Digests.OfEmbedding(embedder.ModelId, embedder.TextOf(product));
        var before = force ? null : build.Find(product.Id);
        Written++;
        if (before is { } same && same.Content == content && same.Embedding == embedding)
        {
            build.Keep(product.Id);
            CountReused(embedder is not null && same.HasVector);
            return;
        }

        if (embedder is null)
        {
            await build.PutAsync(new IndexedProduct(product, content, embedding, default), cancellationToken).ConfigureAwait(false);
        }
        else if (before is { HasVector: true } sameText && sameText.Embedding == embedding)
        {
            _reused.Add((product, content, embedding));
            if (_reused.Count == BatchSize)
            {
                await FlushReusedAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        else
        {
            _batch.Add((product, content, embedding));
            if (_batch.Count == BatchSize)
            {
                await FlushEmbeddedAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Embeds and writes what is left.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await FlushReusedAsync(cancellationToken).ConfigureAwait(false);
        await FlushEmbeddedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes products whose text is as before with the vectors they have; one whose vector is gone is embedded like a new one.</summary>
    private async ValueTask FlushReusedAsync(CancellationToken cancellationToken)
    {
        var vectors = _reused.Count == 0 ? [] : await build.ReadVectorsAsync([.. _reused.Select(r => r.Product.Id)], cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < _reused.Count; i++)
        {
            var (product, content, embedding) = _reused[i];
            if (vectors[i].IsEmpty)
            {
                _batch.Add(_reused[i]);
                continue;
            }

            CountReused(true);
            await build.PutAsync(new IndexedProduct(product, content, embedding, vectors[i]), cancellationToken).ConfigureAwait(false);
        }

        _reused.Clear();
        if (_batch.Count >= BatchSize)
        {
            await FlushEmbeddedAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask FlushEmbeddedAsync(CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
        {
            return;
        }

        var vectors = await embedder!.EmbedProductsAsync([.. _batch.Select(b => b.Product)], cancellationToken).ConfigureAwait(false);
        if (vectors.Count != _batch.Count || vectors.Any(v => v.Length != 0 && v.Length != embedder.Dimensions))
        {
            throw new InvalidOperationException($"The embedder {embedder.ModelId} answered {vectors.Count} vectors for {_batch.Count} products, or vectors of another length than {embedder.Dimensions}.");
        }

        for (var i = 0; i < _batch.Count; i++)
        {
            var (product, content, embedding) = _batch[i];
            await build.PutAsync(new IndexedProduct(product, content, embedding, vectors[i]), cancellationToken).ConfigureAwait(false);
            WithVector += vectors[i].IsEmpty ? 0 : 1;
        }

        Embedded += _batch.Count;
        _batch.Clear();
    }

    private void CountReused(bool hasVector)
    {
        ReusedVectors += hasVector ? 1 : 0;
        WithVector += hasVector ? 1 : 0;
    }
}
