using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded;

namespace AiPlatform.Search.OpenSearch.Documents;

/// <summary>
/// A product's texts as terms with weighted frequencies, <c>term|frequency</c>: the inner sum of the fielded BM25 that the embedded engine scores by, made here
/// once, because the node knows one field and one frequency only. The node saturates it (the template's similarity) and the query brings the idf.
/// Lengths are normalised by the averages the build knows (<see cref="TextLengths"/>): constants lose .01 NDCG@10, catalogs differ too much for them.
/// </summary>
internal static class WeightedText
{
    /// <summary>What a frequency of one is written as: frequencies are whole numbers in the index. The template's similarity saturates at 1.31 times it.</summary>
    public const int Scale = 128;

    private const int Highest = 1 << 20;
    private static readonly Bm25FOptions Weights = new();

    /// <summary>The text of a product, from its terms by field.</summary>
    public static string Of(IReadOnlyList<List<TextToken>> fields, TextLengths lengths)
    {
        var frequencies = new Dictionary<string, float>(StringComparer.Ordinal);
        for (var field = 0; field < fields.Count; field++)
        {
            var (weight, b) = Weights.Of((TextField)field);
            var worth = weight / (1 - b + (b * fields[field].Count / (float)lengths.Average((TextField)field)));
            foreach (var token in CollectionsMarshal.AsSpan(fields[field]))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(frequencies, token.Term, out _) += worth;
            }
        }

        var text = new StringBuilder(frequencies.Count * 12);
        foreach (var (term, frequency) in frequencies)
        {
            text.Append(text.Length == 0 ? "" : " ").Append(term).Append('|').Append(CultureInfo.InvariantCulture, $"{Math.Clamp((int)MathF.Round(frequency * Scale), 1, Highest)}");
        }

        return text.ToString();
    }
}
