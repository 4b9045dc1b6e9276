using System.Globalization;
using System.Text;
using AiPlatform.Core.Text;

namespace AiPlatform.Search.Analysis;

/// <summary>
/// Folds a character to the lower-case ASCII letters and digits it stands for: those that its compatibility decomposition leaves when marks are dropped, and those of the letters that
/// do not decompose (æ, ø, ł …). Same answers on every host; thread-safe.
/// </summary>
internal static class LatinFolding
{
    /// <summary>Most characters that one character folds to.</summary>
    public const int LongestFolding = 4;

    private const int PageBits = 7;
    private const int PageMask = (1 << PageBits) - 1;

    /// <summary>Signs that part words, although they decompose to letters.</summary>
    private const string Separators = "ªº℠™";

    private static readonly Dictionary<char, string> Letters = new()
    {
        ['æ'] = "ae", ['ð'] = "d", ['đ'] = "d", ['ħ'] = "h", ['ı'] = "i", ['ł'] = "l", ['ŋ'] = "n", ['ø'] = "o", ['œ'] = "oe", ['ŧ'] = "t", ['þ'] = "th", ['μ'] = "u",
    };

    /// <summary>By 128 characters, each made when one of its characters is first asked for: a catalog in plain ASCII needs none of the Unicode tables.</summary>
    private static readonly string?[]?[] Pages = new string?[0x10000 >> PageBits][];

    /// <summary>The folding; empty for a combining mark (it vanishes inside a word); null for a character that parts words. O(1).</summary>
    public static string? Fold(char c)
    {
        var page = Volatile.Read(ref Pages[c >> PageBits]) ?? Make(c >> PageBits);
        return page[c & PageMask] ?? (IsMark(c) ? "" : null);
    }

    private static bool IsMark(char c) =>
        c is '\u00AD' or '\u200C' or '\u200D'
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    /// <summary>Two threads may make the same page; either is right.</summary>
    private static string?[] Make(int number)
    {
        var page = new string?[PageMask + 1];
        for (var i = 0; i < page.Length; i++)
        {
            var c = (char)((number << PageBits) + i);
            if (!char.IsSurrogate(c) && !Separators.Contains(c, StringComparison.Ordinal))
            {
                page[i] = Ascii(c < 0x80 ? char.ToLowerInvariant(c).ToString() : FoldedText.WithoutMarks(new Rune(c)));
            }
        }

        Volatile.Write(ref Pages[number], page);
        return page;
    }

    private static string? Ascii(string letters)
    {
        var folded = letters.Length == 1 && Letters.TryGetValue(letters[0], out var plain) ? plain : letters;
        return folded.Length is > 0 and <= LongestFolding && folded.All(char.IsAsciiLetterOrDigit) ? folded : null;
    }
}
