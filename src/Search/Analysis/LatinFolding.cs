using System.Globalization;

namespace AiPlatform.Search.Analysis;

/// <summary>Folds a character to the lower-case ASCII letters and digits it stands for. Same answers on every host; thread-safe.</summary>
internal static partial class LatinFolding
{
    /// <summary>Most characters that one character folds to.</summary>
    public const int LongestFolding = 4;

    private static readonly string?[]?[] Pages = Build();

    /// <summary>The folding; empty for a combining mark (it vanishes inside a word); null for a character that parts words. O(1).</summary>
    public static string? Fold(char c) => Pages[c >> 8] is { } page && page[c & 0xFF] is { } folded ? folded : IsMark(c) ? "" : null;

    private static bool IsMark(char c) =>
        c is '\u00AD' or '\u200C' or '\u200D'
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    private static string?[]?[] Build()
    {
        var pages = new string?[]?[256];
        void Add(char c, string folded) => (pages[c >> 8] ??= new string?[256])[c & 0xFF] = folded;
        for (var c = '0'; c <= 'z'; c++)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                Add(c, char.ToLowerInvariant(c).ToString());
            }
        }

        var words = Table.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i += 2)
        {
            foreach (var c in words[i + 1])
            {
                Add(c, words[i]);
            }
        }

        Add('\u212A', "k");
        Add('\u212B', "a");
        return pages;
    }
}
