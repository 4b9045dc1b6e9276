using System.Collections.Immutable;

namespace AiPlatform.Core.Catalog;

/// <summary>The values of a field among the matching visible products.</summary>
/// <param name="Field">Canonical field name.</param>
/// <param name="Values">Values with counts, most frequent first, then by value.</param>
/// <param name="DistinctValues">How many distinct values there are, of which <paramref name="Values"/> is the head.</param>
/// <param name="Min">Smallest number, for numeric fields; otherwise null.</param>
/// <param name="Max">Largest number, for numeric fields; otherwise null.</param>
public sealed record Facet(string Field, ImmutableArray<FacetValue> Values, int DistinctValues, decimal? Min, decimal? Max);
