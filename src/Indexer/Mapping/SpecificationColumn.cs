namespace AiPlatform.Indexer.Mapping;

/// <summary>One specification from one place in the row.</summary>
/// <param name="Key">The specification's key.</param>
/// <param name="Path">Where its value or values are.</param>
/// <param name="Split">Cuts a text into values; null to take it whole.</param>
public sealed record SpecificationColumn(string Key, RowPath Path, string? Split);
