using System.Collections.Immutable;

namespace AiPlatform.Core.Catalog;

/// <summary>One result.</summary>
/// <param name="Id">The product's id.</param>
/// <param name="Score">The score within this answer; comparable only inside it.</param>
/// <param name="Product">The product; null when only ids were asked for.</param>
/// <param name="Highlights">Snippets with the matched words between <c>**</c>; empty unless asked for.</param>
public sealed record ProductHit(string Id, double Score, Product? Product, ImmutableArray<Highlight> Highlights);
