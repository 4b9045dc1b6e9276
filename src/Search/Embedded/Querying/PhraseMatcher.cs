using System.Text;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Embedded.Segments;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>Looks for term sequences in the stored term order of products. O(tokens of a product).</summary>
internal static unsafe class PhraseMatcher
{
    /// <summary>Term numbers of a phrase by segment; null for a segment that lacks one of them.</summary>
    public static uint[]?[] Resolve(CatalogGeneration generation, IReadOnlyList<string> phrase)
    {
        var bySegment = new uint[]?[generation.Segments.Length];
        for (var s = 0; s < bySegment.Length; s++)
        {
            var numbers = new uint[phrase.Count];
            var complete = true;
            for (var i = 0; i < numbers.Length && complete; i++)
            {
                var number = generation.Segments[s].FindTerm(Encoding.UTF8.GetBytes(phrase[i]));
                complete = number >= 0;
                numbers[i] = (uint)number;
            }

            bySegment[s] = complete ? numbers : null;
        }

        return bySegment;
    }

    /// <summary>Whether a field of the product among the first <paramref name="fields"/> has the sequence.</summary>
    public static bool Matches(CatalogGeneration generation, int ordinal, uint[]?[] phrase, int fields = (int)TextField.Count)
    {
        var index = generation.SegmentOf(ordinal);
        return phrase[index] is { } numbers && Matches(generation.Segments[index], ordinal - generation.Base(index), numbers, fields);
    }

    /// <summary>How many visible products have the two terms side by side; stops counting at <paramref name="enough"/>.</summary>
    public static int CountPair(ScopeView view, string first, string second, int enough)
    {
        var (a, b) = (view.Term(first), view.Term(second));
        var (few, many) = a.DocumentFrequency <= b.DocumentFrequency ? (a, b) : (b, a);
        var phrase = Resolve(view.Generation, [first, second]);
        var count = 0;
        foreach (var ordinal in few.Ordinals)
        {
            if (many.Find(ordinal) >= 0 && Matches(view.Generation, ordinal, phrase) && ++count >= enough)
            {
                break;
            }
        }

        return count;
    }

    private static bool Matches(SegmentReader segment, int product, ReadOnlySpan<uint> phrase, int fields)
    {
        var source = segment.Forward(product);
        var end = segment.ForwardEnd(product);
        for (var field = 0; field < fields; field++)
        {
            var run = 0;
            for (var left = VarInt.Read(ref source); left > 0 && source < end; left--)
            {
                var term = VarInt.Read(ref source);
                run = Advance(phrase, run, term);
                if (run == phrase.Length)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>How long a head of the phrase ends at this term, given how long the one before it was. Phrases are short: the fall-back tries each length.</summary>
    private static int Advance(ReadOnlySpan<uint> phrase, int run, uint term)
    {
        if (phrase[run] == term)
        {
            return run + 1;
        }

        for (var shorter = run; shorter > 0; shorter--)
        {
            if (phrase[shorter - 1] == term && phrase[..(shorter - 1)].SequenceEqual(phrase.Slice(run - shorter + 1, shorter - 1)))
            {
                return shorter;
            }
        }

        return 0;
    }
}
