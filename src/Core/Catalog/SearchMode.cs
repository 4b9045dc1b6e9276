namespace AiPlatform.Core.Catalog;

/// <summary>Which legs a search runs.</summary>
public enum SearchMode
{
    /// <summary>Lexical and vector, fused by weighted rank.</summary>
    Hybrid = 0,

    /// <summary>Lexical only.</summary>
    Lexical,

    /// <summary>Vector only.</summary>
    Vector,
}
