namespace AiPlatform.Indexer.Sources;

/// <summary>What a node of a source row is.</summary>
public enum RowNodeKind
{
    /// <summary>A null, or an empty CSV cell.</summary>
    Null = 0,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A number, kept as it was written.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A list of nodes.</summary>
    List,

    /// <summary>Named nodes in source order.</summary>
    Map,
}
