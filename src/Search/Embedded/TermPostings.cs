namespace AiPlatform.Search.Embedded;

/// <summary>A term as one scope sees it: the visible products that have it and what each is worth, ready to be summed.</summary>
/// <param name="Ordinals">Ordinals, ascending.</param>
/// <param name="Impacts">idf · saturated field-weighted frequency, by position.</param>
/// <param name="Idf">Inverse document frequency within the scope's view.</param>
/// <param name="MaxImpact">The largest impact.</param>
internal sealed record TermPostings(int[] Ordinals, float[] Impacts, float Idf, float MaxImpact)
{
    public static TermPostings Empty { get; } = new([], [], 0, 0);

    /// <summary>Visible products that have the term.</summary>
    public int DocumentFrequency => Ordinals.Length;

    public int Bytes => 96 + (Ordinals.Length * (sizeof(int) + sizeof(float)));

    /// <summary>Position of an ordinal, negative when it has not the term. O(log n).</summary>
    public int Find(int ordinal) => Array.BinarySearch(Ordinals, ordinal);
}
