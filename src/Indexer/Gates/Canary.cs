using System.Collections.Immutable;

namespace AiPlatform.Indexer.Gates;

/// <summary>A query with what must and must not be in its answer.</summary>
/// <param name="Query">What is asked.</param>
/// <param name="Top">How far down the answer is looked at.</param>
/// <param name="MustContain">Ids that must be there.</param>
/// <param name="MustNotContain">Ids that must not.</param>
internal sealed record Canary(string Query, int Top, ImmutableArray<string> MustContain, ImmutableArray<string> MustNotContain);
