using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Querying;

/// <summary>Picks the visible values of a field that match a text, in the order of the contract. One code for every engine. O(values · length of the text).</summary>
internal static class FoundValues
{
    /// <summary>The best values in their normal form.</summary>
    public static IReadOnlyList<FacetValueMatch> Best(VisibleValues values, FacetValueMatcher matcher, int size, CancellationToken cancellationToken)
    {
        var found = Matching(values, matcher, cancellationToken).ToList();
        if (found.Count < size)
        {
            found.AddRange(Near(values, matcher, found, cancellationToken));
        }

        return [.. found
            .OrderBy(f => f.Match)
            .ThenBy(f => f.Edits)
            .ThenByDescending(f => f.Count)
            .ThenBy(f => f.Value, Utf8Order.Instance)
            .Take(size)
            .Select(f => new FacetValueMatch(f.Value, f.Count, f.Match))];
    }

    private static IEnumerable<Found> Matching(VisibleValues values, FacetValueMatcher matcher, CancellationToken cancellationToken)
    {
        for (var i = 0; i < values.Values.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (matcher.Find(values.Values[i]) is { } match)
            {
                yield return new Found(values.Values[i], values.Counts[i], match, 0);
            }
        }
    }

    private static IEnumerable<Found> Near(VisibleValues values, FacetValueMatcher matcher, List<Found> found, CancellationToken cancellationToken)
    {
        var known = found.Select(f => f.Value).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < values.Values.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var edits = matcher.Edits(values.Values[i]);
            if (edits >= 0 && !known.Contains(values.Values[i]))
            {
                yield return new Found(values.Values[i], values.Counts[i], FacetMatch.Near, edits);
            }
        }
    }

    private readonly record struct Found(string Value, int Count, FacetMatch Match, int Edits);
}
