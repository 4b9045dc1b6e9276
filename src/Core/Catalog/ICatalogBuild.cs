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

    /// <summary>
    /// Products that were put and refused by the index, in no order, those of a continued build included; none of them is in the new generation. An engine that writes in batches
    /// knows them only after <see cref="CheckpointAsync"/> or <see cref="FinishAsync"/>. Bounded: a build with more than <see cref="CatalogLimits.RefusedProducts"/> fails with
    /// <see cref="InvalidDataException"/>, because then the index is wrong and not the products.
    /// </summary>
    IReadOnlyList<RefusedProduct> Refused { get; }

    /// <summary>Sets the embedding model of the build, when it is made only after the build began (it may be trained on what the build reads).</summary>
    /// <exception cref="InvalidOperationException">A product was already kept or put.</exception>
    void UseEmbeddings(string modelId, int dimensions);

    /// <summary>
    /// Continues the build of the same key and the same generation to start from that was abandoned, from its last checkpoint. Before anything else is done with the
    /// build but reading. A build that is not continued, and one of another key, is thrown away with the first write.
    /// </summary>
    /// <param name="key">Names what is being built: the same key stands for the same products in the same order. 1 to 128 printable ASCII characters.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The count given to that checkpoint; 0 when there is nothing to continue.</returns>
    ValueTask<long> ResumeAsync(string key, CancellationToken cancellationToken);

    /// <summary>Makes all that was kept, put, deleted and attached so far last, so that <see cref="ResumeAsync"/> of the same key can go on from there. Does nothing without a key.</summary>
    /// <param name="done">The caller's own count, from 1.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask CheckpointAsync(long done, CancellationToken cancellationToken);

    /// <summary>The stamp of a product in the generation the build started from; null when it is not there.</summary>
    ProductStamp? Find(string id);

    /// <summary>Vectors of products of the generation the build started from, one for each id in order; empty for a product that is missing or has none of the build's model and dimension.</summary>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> ReadVectorsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>Keeps a product of the previous generation as it is.</summary>
    /// <exception cref="InvalidOperationException">It is not in the previous generation, or was already kept or put.</exception>
    void Keep(string id);

    /// <summary>Adds a product, or replaces the one of the same id. A second row with the same id in one build replaces the first.</summary>
    ValueTask PutAsync(IndexedProduct product, CancellationToken cancellationToken);

    /// <summary>Takes a product out: one of the previous generation, or one put or kept in this build. May be put again.</summary>
    /// <returns>False when there is none of the id.</returns>
    bool Delete(string id);

    /// <summary>Attaches a file to the generation, such as the catalog's own embedding model. Written and synced at once.</summary>
    ValueTask AttachAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>A file attached to this build, a continued one included, or else to the generation the build started from; null when there is none.</summary>
    /// <exception cref="InvalidDataException">There is one, and it is damaged or gone.</exception>
    ValueTask<byte[]?> ReadAttachmentAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes what is left and closes the files. In a full build every product neither kept nor put is deleted.</summary>
    /// <returns>What the new generation holds, read back from the files.</returns>
    ValueTask<CatalogBuildReport> FinishAsync(bool deleteOthers, CancellationToken cancellationToken);

    /// <summary>
    /// Answers from the finished generation before it is live, to whoever decides whether it may be. Ends with the build. Searches, reads and counts as the live index
    /// does; it knows the build's catalog only.
    /// </summary>
    /// <exception cref="InvalidOperationException">The build is not finished.</exception>
    ICatalogIndex Candidate { get; }

    /// <summary>Swaps the generation in: manifest written beside, synced, renamed, directory synced. Only after <see cref="FinishAsync"/>.</summary>
    ValueTask<GenerationInfo> CommitAsync(CancellationToken cancellationToken);
}
