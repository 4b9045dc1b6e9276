using System.Numerics;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>Picks the best matches: a histogram finds the cut, then only what is above it is sorted. O(matches + k log k).</summary>
internal static class TopSelector
{
    private const int Bins = 256;

    /// <summary>Sorts the best <paramref name="wanted"/> matches into the scratch's keys, ties by id; answers how many there are.</summary>
    public static int Select(CatalogGeneration generation, SearchScratch scratch, int wanted)
    {
        var count = scratch.MatchCount;
        var scores = scratch.MatchScores.AsSpan(0, count);
        var cut = count > wanted * 2 ? Cut(scores, wanted) : float.MinValue;
        var keys = scratch.KeysFor(count);
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (scores[i] >= cut)
            {
                keys[kept++] = Key(scores[i], generation.IdRanks[scratch.Matches[i]]);
            }
        }

        if (kept > wanted * 4)
        {
            kept = Reduce(keys.AsSpan(0, kept), wanted);
        }

        keys.AsSpan(0, kept).Sort();
        return Math.Min(kept, wanted);
    }

    /// <summary>The ordinal of a key.</summary>
    public static int Ordinal(CatalogGeneration generation, ulong key) => generation.ByIdRank[(int)(uint)key];

    /// <summary>The score of a key.</summary>
    public static float Score(ulong key) => BitConverter.UInt32BitsToSingle(~(uint)(key >> 32));

    /// <summary>Ascending keys are descending scores (which are not negative), then ascending ids.</summary>
    public static ulong Key(float score, int idRank) => ((ulong)~BitConverter.SingleToUInt32Bits(score) << 32) | (uint)idRank;

    /// <summary>A score at or below the wanted-th best, close to it. O(scores).</summary>
    public static float Cut(ReadOnlySpan<float> scores, int wanted)
    {
        var (low, high) = Range(scores);
        if (high <= low)
        {
            return low;
        }

        Span<int> bins = stackalloc int[Bins];
        bins.Clear();
        var scale = (Bins - 1) / (high - low);
        foreach (var score in scores)
        {
            bins[(int)((score - low) * scale)]++;
        }

        var bin = Bins - 1;
        for (var above = bins[bin]; above < wanted && bin > 0; above += bins[bin])
        {
            bin--;
        }

        // One ulp of slack: the bin's edge is computed by another expression than the bin itself.
        return bin == 0 ? low : MathF.BitDecrement(low + ((bin - .001f) / scale));
    }

    private static (float Low, float High) Range(ReadOnlySpan<float> scores)
    {
        var (lows, highs) = (new Vector<float>(float.MaxValue), new Vector<float>(float.MinValue));
        var i = 0;
        for (; i <= scores.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var next = new Vector<float>(scores[i..]);
            lows = Vector.Min(lows, next);
            highs = Vector.Max(highs, next);
        }

        var (low, high) = (float.MaxValue, float.MinValue);
        for (var lane = 0; lane < Vector<float>.Count; lane++)
        {
            low = Math.Min(low, lows[lane]);
            high = Math.Max(high, highs[lane]);
        }

        for (; i < scores.Length; i++)
        {
            low = Math.Min(low, scores[i]);
            high = Math.Max(high, scores[i]);
        }

        return (low, high);
    }

    /// <summary>Many equal scores: quickselect keeps a prefix that holds the smallest keys.</summary>
    private static int Reduce(Span<ulong> keys, int wanted)
    {
        var (from, to) = (0, keys.Length - 1);
        while (from < to)
        {
            var pivot = keys[(from + to) >>> 1];
            var (i, j) = (from, to);
            while (i <= j)
            {
                while (keys[i] < pivot)
                {
                    i++;
                }

                while (keys[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (keys[i], keys[j]) = (keys[j], keys[i]);
                    i++;
                    j--;
                }
            }

            if (wanted - 1 <= j)
            {
                to = j;
            }
            else if (wanted - 1 >= i)
            {
                from = i;
            }
            else
            {
                break;
            }
        }

        return wanted;
    }
}
