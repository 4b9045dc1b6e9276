namespace AiPlatform.Search.OpenSearch.State;

/// <summary>How far an abandoned build got.</summary>
/// <param name="Key">Names what was being built.</param>
/// <param name="Done">The caller's own count.</param>
/// <param name="BaseGeneration">The generation it started from; 0 for none.</param>
/// <param name="Index">The index it wrote to; empty when it had written nothing.</param>
/// <param name="Cloned">Whether that index began as a clone of the generation it started from.</param>
/// <param name="Definition">Digest of the settings and mapping of the index.</param>
/// <param name="EmbeddingModel">Id of the embedding model.</param>
/// <param name="Dimensions">Dimensions of the vectors.</param>
/// <param name="Journal">Files with what was kept, put and deleted, in order.</param>
/// <param name="Attachments">Files attached so far.</param>
internal sealed record BuildCheckpoint(
    string Key,
    long Done,
    long BaseGeneration,
    string Index,
    bool Cloned,
    string Definition,
    string EmbeddingModel,
    int Dimensions,
    List<StoredFile> Journal,
    SortedDictionary<string, StoredFile> Attachments);
