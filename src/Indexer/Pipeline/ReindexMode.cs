namespace AiPlatform.Indexer.Pipeline;

/// <summary>What the rows of a source stand for.</summary>
public enum ReindexMode
{
    /// <summary>The whole catalog: products that the source does not have are deleted.</summary>
    Full = 0,

    /// <summary>Changes: every row is a product to add or replace, or says that one is gone; all others stay.</summary>
    Incremental,
}
