using System.Buffers;
using System.Globalization;
using System.Text;

namespace AiPlatform.Indexer.Validation;

/// <summary>
/// Removes what a reader cannot see from catalog text: control characters, bidirectional overrides, zero-width and tag characters, lone
/// surrogates. Such characters hide words from a person and show them to a model or a search. O(length); allocates only when something changes.
/// </summary>
public static class TextSanitizer
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x7f - 0x20).Concat(Enumerable.Range(0xc0, 0x180 - 0xc0)).Select(c => (char)c)]);

    /// <summary>One line: hidden characters removed, every run of white space a single space, trimmed.</summary>
    public static string Line(string text) => Clean(text, keepLines: false);

    /// <summary>Several lines: as <see cref="Line"/>, but line ends are kept as <c>\n</c>, at most two in a row.</summary>
    public static string Block(string text) => Clean(text, keepLines: true);

    /// <summary>Whether the text holds a character that <see cref="Line"/> would remove.</summary>
    public static bool HasHidden(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var i = text.AsSpan().IndexOfAnyExcept(Plain); i >= 0 && i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var used) != OperationStatus.Done || IsHidden(rune))
            {
                return true;
            }

            i += used;
        }

        return false;
    }

    private static string Clean(string text, bool keepLines)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IsClean(text))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        var (space, lines) = (false, 0);
        for (var i = 0; i < text.Length;)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var used) != OperationStatus.Done)
            {
                i += used;
                continue;
            }

            i += used;
            if (rune.Value is '\n' or 0x2028 or 0x2029 || (rune.Value == '\r' && (i >= text.Length || text[i] != '\n')))
            {
                lines++;
                space = true;
            }
            else if (Rune.IsWhiteSpace(rune))
            {
                space = true;
            }
            else if (!IsHidden(rune))
            {
                Separate(clean, space, keepLines ? lines : 0);
                (space, lines) = (false, 0);
                clean.Append(rune);
            }
        }

        return clean.ToString();
    }

    private static void Separate(StringBuilder clean, bool space, int lines)
    {
        if (clean.Length > 0 && space)
        {
            clean.Append(lines switch { 0 => " ", 1 => "\n", _ => "\n\n" });
        }
    }

    /// <summary>Whether nothing can need a change: visible Latin characters with single spaces between.</summary>
    private static bool IsClean(string text) =>
        text.Length == 0
        || (text[0] != ' ' && text[^1] != ' ' && !text.AsSpan().ContainsAnyExcept(Plain) && !text.Contains("  ", StringComparison.Ordinal));

    private static bool IsHidden(Rune rune) =>
        rune.Value is 0xfeff or 0x00ad or 0x034f or 0x061c or 0x115f or 0x1160 or 0x3164 or 0xffa0
            or (>= 0x180b and <= 0x180f) or (>= 0x200b and <= 0x200f) or (>= 0x202a and <= 0x202e) or (>= 0x2060 and <= 0x206f)
            or (>= 0xfff0 and <= 0xfffb) or (>= 0xe0000 and <= 0xe0fff)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
