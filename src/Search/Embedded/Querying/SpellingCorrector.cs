using System.Text;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Segments;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>
/// Corrects a word whose term no visible product has to the closest visible one: optimal string alignment distance 1, or 2 from eight letters
/// on; below six letters the first letter must agree; the closest wins, then the most frequent. Walks the sorted terms with one row of
/// the distance table a letter and skips every prefix that is already too far: some 100 µs for 30,000 terms, remembered a view.
/// </summary>
internal static class SpellingCorrector
{
    private const int MinLength = 4;
    private const int MaxLength = 32;
    private const int LengthForTwo = 8;
    private const int LengthForFreeStart = 6;

    /// <summary>The corrected word and its term, or null when there is none.</summary>
    public static (string Word, string Term)? Correct(ScopeView view, string term, string word)
    {
        var written = Keyword.Normalize(word);
        var remembered = view.Correction(written);
        if (remembered is null)
        {
            remembered = Find(view, term, written) ?? "";
            view.RememberCorrection(written, remembered);
        }

        return remembered.Length == 0 || view.Generation.TermOf(remembered) is not { } corrected ? null : (remembered, corrected);
    }

    /// <summary>Whole words of names, brands and classes first: they are what people mistype. Then the terms of every other text.</summary>
    private static string? Find(ScopeView view, string term, string word) =>
        Best(view, word, Words(view, word)) ?? (Best(view, term, Terms(view, term)) is { } stem ? WordFor(view, stem) : null);

    private static string? Best(ScopeView view, string written, Dictionary<string, int> found) => found
        .Select(f => (Text: f.Key, Distance: f.Value, Frequency: view.Term(view.Generation.TermOf(f.Key) ?? f.Key).DocumentFrequency))
        .Where(f => f.Frequency > 0 && f.Text != written)
        .OrderBy(f => f.Distance)
        .ThenByDescending(f => f.Frequency)
        .ThenBy(f => f.Text, StringComparer.Ordinal)
        .Select(f => f.Text)
        .FirstOrDefault();

    /// <summary>Visible words close to a written one, with their distances.</summary>
    private static Dictionary<string, int> Words(ScopeView view, string word)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var s = 0; s < view.Generation.Segments.Length && IsCorrectable(word); s++)
        {
            var segment = view.Generation.Segments[s];
            if (segment.KeywordFields.TryGetValue(SegmentFormat.WordField, out var range))
            {
                Collect(new SortedTexts(segment, range), word, found);
            }
        }

        // A hidden word must not even take the place of a visible one.
        foreach (var hidden in found.Keys.Where(w => !IsVisible(view, w)).ToArray())
        {
            found.Remove(hidden);
        }

        return found;
    }

    private static Dictionary<string, int> Terms(ScopeView view, string term)
    {
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var s = 0; s < view.Generation.Segments.Length && IsCorrectable(term); s++)
        {
            Collect(new SortedTexts(view.Generation.Segments[s], null), term, found);
        }

        return found;
    }

    private static bool IsCorrectable(string text) => text.Length is >= MinLength and <= MaxLength && !text.AsSpan().ContainsAnyInRange('0', '9');

    private static bool IsVisible(ScopeView view, string word)
    {
        var bytes = Encoding.UTF8.GetBytes(word);
        for (var s = 0; s < view.Generation.Segments.Length; s++)
        {
            var keyword = view.Generation.Segments[s].FindKeyword(SegmentFormat.WordField, bytes);
            if (keyword >= 0 && FacetCounter.Intersect(view.Generation.Segments[s], keyword, view.Generation.Base(s), view.Visible) > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A whole word for a term: the most frequent visible word that has it, else the term itself.</summary>
    private static string WordFor(ScopeView view, string term)
    {
        // The stemmer writes a final y as i: no word starts with the stem "batteri".
        var start = term.Length > MinLength && term[^1] == 'i' ? term[..^1] : term;
        var best = Suggester.Words(view, start, view.Visible, limit: 1, w => view.Generation.TermOf(w) == term);
        return best.Count == 0 ? term : best[0].Text;
    }

    private static void Collect(SortedTexts texts, string written, Dictionary<string, int> found)
    {
        ReadOnlySpan<byte> term = Encoding.UTF8.GetBytes(written);
        var limit = written.Length >= LengthForTwo ? 2 : 1;
        var sameStart = written.Length < LengthForFreeStart;
        var width = term.Length + 1;
        var deepest = term.Length + limit;
        Span<byte> rows = stackalloc byte[width * (deepest + 1)];
        Span<byte> prefix = stackalloc byte[deepest];
        for (var j = 0; j < width; j++)
        {
            rows[j] = (byte)j;
        }

        var depth = 0;
        for (var i = sameStart ? texts.LowerBound(term[..1]) : 0; i < texts.Count;)
        {
            var candidate = texts[i];
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
                i = texts.EndOfPrefix(i, candidate[..length]);
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
}
