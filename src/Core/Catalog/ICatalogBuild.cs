namespace AiPlatform.Core.Catalog;

/// <summary>
/// A generation in the making. Not thread-safe; used by one job. Nothing is visible to readers before <see cref="CommitAsync"/>;
/// disposing without it leaves the live generation as it was. Memory is bounded by the segment being written, not by the catalog.
/// </summary>
public interface ICatalogBuild : IAsyncDisposable
{
    /// <summary>The number the generation will have.</summary>
    long Generation { get; }

    /// <summary>Live products of the generation the build started from.</summary>
    int PreviousProducts { get; }

    /// <summary>
    /// The generation the build started from, while a full build would make the same again: every product of it is kept, none is put, and analyzer and embedding
    /// model are its own. Null otherwise.
    /// </summary>
    GenerationInfo? Unchanged { get; }

    /// <summary>Sets the embedding model of the build, when it is made only after the build began (it may be trained on what the build reads).</summary>
    /// <exception cref="InvalidOperationException">A product was already kept or put.</exception>
    void UseEmbeddings(string modelId, int dimensions);

    /// <summary>The digests of a product in the generation the build started from; null when it is not there.</summary>
    (ContentHash Content, ContentHash Embedding)? Find(string id);

    /// <summary>Copies the vector of a product of the generation the build started from.</summary>
    /// <returns>False when the product is missing or has no vector of the build's dimension.</returns>
    bool TryCopyVector(string id, Span<float> vector);

    /// <summary>Keeps a product of the previous generation as it is.</summary>
    /// <exception cref="InvalidOperationException">It is not in the previous generation, or was already kept or put.</exception>
    void Keep(string id);

    /// <summary>Adds a product, or replaces the one of the same id. A second row with the same id in one build replaces the first.</summary>
    ValueTask PutAsync(IndexedProduct product, CancellationToken cancellationToken);

    /// <summary>Attaches a file to the generation, such as the catalog's own embedding model. Written and synced at once.</summary>
    ValueTask AttachAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>A file attached to the generation the build started from; null when there is none.</summary>
    ValueTask<byte[]?> ReadAttachmentAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes what is left and closes the files. In a full build every product neither kept nor put is deleted.</summary>
    /// <returns>What the new generation holds, read back from the files.</returns>
    ValueTask<CatalogBuildReport> FinishAsync(bool deleteOthers, CancellationToken cancellationToken);

    /// <summary>Swaps the generation in: manifest written beside, synced, renamed, directory synced. Only after <see cref="FinishAsync"/>.</summary>
    ValueTask<GenerationInfo> CommitAsync(CancellationToken cancellationToken);
}
