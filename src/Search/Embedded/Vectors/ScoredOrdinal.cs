namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>A product by its ordinal, with its score; higher is better, equal scores go by ordinal.</summary>
/// <param name="Ordinal">The product's ordinal.</param>
/// <param name="Score">Its score.</param>
internal readonly record struct ScoredOrdinal(int Ordinal, float Score)
{
    /// <summary>Whether this one comes after the other in an answer.</summary>
    public bool IsWorseThan(ScoredOrdinal other) => Score < other.Score || (Score == other.Score && Ordinal > other.Ordinal);
}
