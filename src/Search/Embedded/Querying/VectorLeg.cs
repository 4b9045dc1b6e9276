using AiPlatform.Search.Embedded.Vectors;
using AiPlatform.Search.Ranking;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>Adds the nearest vectors to the candidates: ranks and cosines for those the words found, new candidates for the others.</summary>
internal static class VectorLeg
{
    /// <summary>Adds those of at least the given cosine. Answers how many candidates there are in all; the first <paramref name="lexical"/> stay where they are.</summary>
    public static int Add(
        CatalogRead read,
        ReadOnlySpan<float> vector,
        ulong[] filter,
        RankingOptions options,
        float minCosine,
        CandidateFeatures features,
        RankingCandidate[] candidates,
        int lexical)
    {
        Span<int> ordinals = stackalloc int[lexical];
        Span<float> cosines = stackalloc float[lexical];
        for (var i = 0; i < lexical; i++)
        {
            ordinals[i] = candidates[i].Handle;
        }

        VectorScanner.Score(read.Live.Vectors, read.Generation.Dimensions, vector, ordinals, cosines);
        for (var i = 0; i < lexical; i++)
        {
            candidates[i].Cosine = cosines[i];
        }

        var allowed = filter.Length == 0 ? read.View.Visible : filter;
        var allowedCount = filter.Length == 0 ? read.View.Count : Bits.Count(filter);
        Span<ScoredOrdinal> nearest = stackalloc ScoredOrdinal[options.VectorWindow];
        var found = VectorScanner.Search(
            read.Live.Vectors, read.Generation.Dimensions, vector, allowed, allowedCount, nearest.Length, VectorScanOptions.Default, nearest);
        var count = lexical;
        for (var rank = 1; rank <= found; rank++)
        {
            var (ordinal, cosine) = nearest[rank - 1];
            var at = ordinals.IndexOf(ordinal);
            if (at < 0 && cosine < minCosine)
            {
                continue;
            }

            if (at < 0)
            {
                at = count++;
                candidates[at] = features.Of(ordinal, 0);
                candidates[at].Cosine = cosine;
            }

            candidates[at].VectorRank = rank;
        }

        return count;
    }
}
