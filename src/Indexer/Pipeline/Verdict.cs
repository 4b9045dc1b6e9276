namespace AiPlatform.Indexer.Pipeline;

/// <summary>What a change means for the catalog.</summary>
internal enum Verdict
{
    /// <summary>The product is new.</summary>
    Add = 0,

    /// <summary>The product replaces the one that is there.</summary>
    Update,

    /// <summary>The same product is there.</summary>
    Keep,

    /// <summary>What is known is newer: nothing is taken from the row.</summary>
    Stale,

    /// <summary>The product goes.</summary>
    Delete,

    /// <summary>A product that is not there is gone.</summary>
    Nothing,
}
