namespace AiPlatform.Core.Catalog;

/// <summary>A value of a field that matches a written text.</summary>
/// <param name="Value">The value as a visible product writes it; the name of a specification in its normal form, without <c>spec.</c>.</param>
/// <param name="Count">Number of visible products that have it.</param>
/// <param name="Match">How it matches.</param>
public sealed record FacetValueMatch(string Value, int Count, FacetMatch Match);
