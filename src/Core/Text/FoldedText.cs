using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AiPlatform.Core.Text;

/// <summary>
/// The one folding of text that keywords and the plain analyzer share: what looks or reads the same becomes the same characters, on every host,
/// with or without ICU. Idempotent; thread-safe.
/// </summary>
/// <remarks>
/// In this order: characters that show nothing are dropped (<see cref="ShowsNothing"/>), compatibility decomposition (NFKD), lower case (simple mapping;
/// ς as σ, ß as ss), canonical order, canonical composition. All of Unicode 17 is covered, Hangul included: full-width, half-width, ligature, raised, circled
/// and mathematical forms become the plain ones, a letter and its marks one letter where there is one, U+00A0 and its like a space. A lone surrogate becomes
/// U+FFFD, as UTF-8 makes of it. Not unified: letters of different scripts that look alike (Latin a, Cyrillic а), accents and their absence.
/// </remarks>
public static class FoldedText
{
    private const int FinalSigma = 0x3C2;
    private const int Sigma = 0x3C3;
    private const int SharpS = 0xDF;

    /// <summary>The folded text. O(length · log of the longest run of marks).</summary>
    public static string Fold(ReadOnlySpan<char> text)
    {
        var codes = new List<int>(text.Length + 8);
        var parts = new List<int>();
        foreach (var rune in text.EnumerateRunes())
        {
            if (!ShowsNothing(rune.Value))
            {
                parts.Clear();
                UnicodeForms.Decompose(rune.Value, parts);
                AddLowered(parts, codes);
            }
        }

        var span = CollectionsMarshal.AsSpan(codes);
        OrderMarks(span);
        return Written(span[..Compose(span)]);
    }

    /// <summary>What remains of one character when its marks are dropped: its compatibility decomposition in lower case; empty for a mark. <c>Ǻ</c> is <c>a</c>, <c>㎢</c> is <c>km2</c>.</summary>
    public static string WithoutMarks(Rune character)
    {
        var parts = new List<int>(4);
        var codes = new List<int>(4);
        UnicodeForms.Decompose(character.Value, parts);
        parts.RemoveAll(p => Rune.GetUnicodeCategory(new Rune(p)) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark);
        AddLowered(parts, codes);
        return Written(CollectionsMarshal.AsSpan(codes));
    }

    /// <summary>
    /// Whether a code point is absent from keywords: Unicode's default-ignorable ones (soft hyphen, zero-width space and joiners, bidirectional controls,
    /// variation selectors, fillers, tags), annotation marks, and control characters that are no white space.
    /// </summary>
    public static bool ShowsNothing(int codePoint) => codePoint switch
    {
        < 0x20 => codePoint is < 0x09 or > 0x0D,
        < 0x7F => false,
        < 0x300 => codePoint is (<= 0x9F and not 0x85) or 0xAD,
        < 0x2000 => codePoint is 0x34F or 0x61C or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F),
        < 0x3000 => codePoint is (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F),
        < 0x10000 => codePoint is 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF or 0xFFA0 or (>= 0xFFF0 and <= 0xFFFB),
        _ => codePoint is (>= 0x1BCA0 and <= 0x1BCA3) or (>= 0x1D173 and <= 0x1D17A) or (>= 0xE0000 and <= 0xE0FFF),
    };

    private static void AddLowered(List<int> parts, List<int> codes)
    {
        foreach (var part in parts)
        {
            var lower = Rune.ToLowerInvariant(new Rune(part)).Value;
            if (lower == SharpS)
            {
                codes.Add('s');
                codes.Add('s');
            }
            else
            {
                codes.Add(lower == FinalSigma ? Sigma : lower);
            }
        }
    }

    /// <summary>Sorts each run of marks by combining class, equal ones in their order.</summary>
    private static void OrderMarks(Span<int> codes)
    {
        for (var start = 0; start < codes.Length; start++)
        {
            var end = start;
            while (end < codes.Length && UnicodeForms.CombiningClass(codes[end]) != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                OrderRun(codes[start..end]);
            }

            start = end;
        }
    }

    private static void OrderRun(Span<int> marks)
    {
        var keys = new long[marks.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = ((long)UnicodeForms.CombiningClass(marks[i]) << 32) | (uint)i;
        }

        var ordered = marks.ToArray();
        Array.Sort(keys, ordered);
        ordered.CopyTo(marks);
    }

    /// <summary>Joins in place what has a composed form; the length that remains.</summary>
    private static int Compose(Span<int> codes)
    {
        var length = 0;
        var starter = -1;
        var lastClass = -1;
        foreach (var code in codes)
        {
            int combining = UnicodeForms.CombiningClass(code);
            if (starter >= 0 && lastClass < combining && UnicodeForms.Compose(codes[starter], code) is >= 0 and var composed)
            {
                codes[starter] = composed;
                continue;
            }

            if (combining == 0)
            {
                starter = length;
            }

            lastClass = combining == 0 ? -1 : combining;
            codes[length++] = code;
        }

        return length;
    }

    private static string Written(ReadOnlySpan<int> codes)
    {
        var text = new StringBuilder(codes.Length);
        foreach (var code in codes)
        {
            text.Append(new Rune(code));
        }

        return text.ToString();
    }
}
