using System.Text;
using AiPlatform.Search.Embedded.Segments;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>
/// Corrects a term that no visible product has to the closest visible one: optimal string alignment distance 1, or 2 from eight letters
/// on; below six letters the first letter must agree; the closest wins, then the most frequent. Walks the sorted terms with one row of
/// the distance table a letter and skips every prefix that is already too far: some 100 µs for 30,000 terms, remembered a view.
/// </summary>
internal static class SpellingCorrector
{
    private const int MinLength = 4;
    private const int MaxLength = 32;
    private const int LengthForTwo = 8;
    private const int LengthForFreeStart = 6;

    /// <summary>The corrected term, or null when there is none.</summary>
    public static string? Correct(ScopeView view, string term)
    {
        var remembered = view.Correction(term);
        if (remembered is null)
        {
            remembered = Find(view, term) ?? "";
            view.RememberCorrection(term, remembered);
        }

        return remembered.Length == 0 ? null : remembered;
    }

    /// <summary>A whole word for a corrected (stemmed) term: the most frequent visible word that starts with it, else the term itself.</summary>
    public static string WordFor(ScopeView view, string term)
    {
        // The stemmer writes a final y as i: no word starts with the stem "batteri".
        var start = term.Length > MinLength && term[^1] == 'i' ? term[..^1] : term;
        var best = Suggester.Words(view, start, view.Visible, limit: 1, w => SameTerm(view, w, term));
        return best.Count == 0 ? term : best[0].Text;
    }

    private static bool SameTerm(ScopeView view, string word, string term)
    {
        var tokens = new List<Analysis.TextToken>(1);
        view.Generation.Analyzer.Analyze(word, tokens);
        return tokens.Count == 1 && tokens[0].Term == term;
    }

    private static string? Find(ScopeView view, string term)
    {
        if (term.Length is < MinLength or > MaxLength || term.AsSpan().ContainsAnyInRange('0', '9'))
        {
            return null;
        }

        var bytes = Encoding.UTF8.GetBytes(term);
        var limit = term.Length >= LengthForTwo ? 2 : 1;
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var segment in view.Generation.Segments)
        {
            Collect(segment, bytes, limit, term.Length < LengthForFreeStart, found);
        }

        return found
            .Select(f => (Term: f.Key, Distance: f.Value, Frequency: view.Term(f.Key).DocumentFrequency))
            .Where(f => f.Frequency > 0)
            .OrderBy(f => f.Distance)
            .ThenByDescending(f => f.Frequency)
            .ThenBy(f => f.Term, StringComparer.Ordinal)
            .Select(f => f.Term)
            .FirstOrDefault();
    }

    private static void Collect(SegmentReader segment, ReadOnlySpan<byte> term, int limit, bool sameStart, Dictionary<string, int> found)
    {
        var order = segment.TermOrder;
        var width = term.Length + 1;
        var deepest = term.Length + limit;
        Span<byte> rows = stackalloc byte[width * (deepest + 1)];
        Span<byte> prefix = stackalloc byte[deepest];
        for (var j = 0; j < width; j++)
        {
            rows[j] = (byte)j;
        }

        var depth = 0;
        for (var i = sameStart ? Bound(segment, order, 0, term[..1]) : 0; i < order.Length;)
        {
            var candidate = segment.TermBytes(order[i]);
            if (sameStart && (candidate.IsEmpty || candidate[0] != term[0]))
            {
                return;
            }

            depth = prefix[..depth].CommonPrefixLength(candidate);
            var tooFar = false;
            while (depth < candidate.Length && !tooFar)
            {
                if (depth == deepest)
                {
                    tooFar = true;
                    break;
                }

                prefix[depth] = candidate[depth];
                depth++;
                tooFar = NextRow(rows, width, prefix[..depth], term) > limit;
            }

            if (tooFar)
            {
                var length = Math.Min(depth == deepest ? depth + 1 : depth, candidate.Length);
                i = EndOfPrefix(segment, order, i, candidate[..length]);
                continue;
            }

            var distance = rows[(depth * width) + term.Length];
            if (distance <= limit)
            {
                found.TryAdd(Encoding.UTF8.GetString(candidate), distance);
            }

            i++;
        }
    }

    /// <summary>Fills the row of the last letter of the prefix; answers its minimum.</summary>
    private static int NextRow(Span<byte> rows, int width, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> term)
    {
        var depth = prefix.Length;
        var above = rows.Slice((depth - 1) * width, width);
        var row = rows.Slice(depth * width, width);
        row[0] = (byte)depth;
        var minimum = depth;
        for (var j = 1; j < width; j++)
        {
            var cost = term[j - 1] == prefix[depth - 1] ? 0 : 1;
            var best = Math.Min(Math.Min(above[j] + 1, row[j - 1] + 1), above[j - 1] + cost);
            if (depth > 1 && j > 1 && term[j - 1] == prefix[depth - 2] && term[j - 2] == prefix[depth - 1])
            {
                best = Math.Min(best, rows[((depth - 2) * width) + j - 2] + 1);
            }

            row[j] = (byte)best;
            minimum = Math.Min(minimum, best);
        }

        return minimum;
    }

    private static int EndOfPrefix(SegmentReader segment, ReadOnlySpan<int> order, int from, ReadOnlySpan<byte> prefix)
    {
        var step = 1;
        var low = from + 1;
        while (low < order.Length && segment.TermBytes(order[low]).StartsWith(prefix))
        {
            var high = Math.Min(low + step, order.Length);
            if (high < order.Length && segment.TermBytes(order[high]).StartsWith(prefix))
            {
                low = high;
                step *= 2;
                continue;
            }

            while (high - low > 1)
            {
                var middle = (low + high) >>> 1;
                if (segment.TermBytes(order[middle]).StartsWith(prefix))
                {
                    low = middle;
                }
                else
                {
                    high = middle;
                }
            }

            return low + 1;
        }

        return low;
    }

    private static int Bound(SegmentReader segment, ReadOnlySpan<int> order, int low, ReadOnlySpan<byte> value)
    {
        var high = order.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (segment.TermBytes(order[middle]).SequenceCompareTo(value) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
