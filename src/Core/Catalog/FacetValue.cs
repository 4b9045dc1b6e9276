namespace AiPlatform.Core.Catalog;

/// <summary>One value and how many matching visible products have it.</summary>
/// <param name="Value">The value as a visible product writes it.</param>
/// <param name="Count">Number of products.</param>
public sealed record FacetValue(string Value, int Count);
