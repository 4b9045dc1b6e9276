namespace AiPlatform.Core.Catalog;

/// <summary>A question for the values of one field that match a text, among all visible products.</summary>
public sealed record FacetValueQuery
{
    /// <summary>The catalog.</summary>
    public required string Catalog { get; init; }

    /// <summary>Field name, canonicalised; null for the names of the specifications themselves. Price and rating have no values to find.</summary>
    public required string? Field { get; init; }

    /// <summary>What is looked for, at most <see cref="CatalogLimits.QueryCharacters"/>. Empty: the most frequent values.</summary>
    public string Text { get; init; } = "";

    /// <summary>How many, 1 to <see cref="CatalogLimits.FoundValues"/>. Default 10.</summary>
    public int Size { get; init; } = 10;
}
