namespace AiPlatform.Search.Embedded;

/// <summary>One value a product of a keyword field, as numbers over all segments.</summary>
/// <param name="Numbers">Number by ordinal, -1 for none.</param>
/// <param name="Distinct">Numbers go from 0 up to, not including, this.</param>
/// <param name="Value">The normalised value of a number.</param>
internal sealed record ValueColumn(int[] Numbers, int Distinct, Func<int, string> Value);
