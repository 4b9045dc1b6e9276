namespace AiPlatform.Indexer.Pipeline;

/// <summary>Where a reindex is.</summary>
public enum ReindexStage
{
    /// <summary>Reading, mapping and validating the source; counted in stored bytes.</summary>
    Reading = 0,

    /// <summary>Making the embedding model ready; not counted.</summary>
    PreparingModel,

    /// <summary>Comparing, embedding and writing; counted in products.</summary>
    Indexing,

    /// <summary>Writing out, checking and swapping; not counted.</summary>
    Swapping,
}
