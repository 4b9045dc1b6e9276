namespace AiPlatform.Search.Embedded.Writing;

/// <summary>Which segments of the previous generation are rewritten into a new one instead of being carried on.</summary>
internal static class RewritePolicy
{
    /// <summary>A segment with a smaller share of live products is rewritten.</summary>
    private const double MinLiveShare = .5;

    /// <summary>Chooses; O(segments log segments).</summary>
    /// <param name="sizes">Products of each segment, dead ones included.</param>
    /// <param name="alive">Live products of each.</param>
    /// <param name="written">Segments already written by this build.</param>
    /// <param name="maxSegments">Segments a generation may have.</param>
    /// <param name="all">Everything must be rewritten: analyzer or model changed.</param>
    public static bool[] Choose(int[] sizes, int[] alive, int written, int maxSegments, bool all)
    {
        var rewrite = new bool[sizes.Length];
        for (var s = 0; s < sizes.Length; s++)
        {
            rewrite[s] = alive[s] > 0 && (all || alive[s] < sizes[s] * MinLiveShare);
        }

        // The rewritten ones become one more segment; the smallest go into it until the limit holds.
        var smallestFirst = Enumerable.Range(0, sizes.Length).Where(s => alive[s] > 0).OrderBy(s => alive[s]).ToArray();
        foreach (var s in smallestFirst)
        {
            var carried = smallestFirst.Count(i => !rewrite[i]);
            if (carried + written + 1 <= maxSegments)
            {
                break;
            }

            rewrite[s] = true;
        }

        return rewrite;
    }
}
