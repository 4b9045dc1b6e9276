using System.Globalization;
using System.Text;

namespace AiPlatform.Search.Analysis;

/// <summary>
/// The normal form of a word in any script: lower case; full-width, half-width, circled, raised and joined forms as the plain ones; a letter and its mark as one letter where there is
/// one. A table and not <see cref="string.Normalize()"/>: that does nothing under globalization-invariant mode, and terms must not depend on the host.
/// </summary>
internal static partial class PlainFolding
{
    private const char FirstHalfWidthKatakana = '\uFF66';

    private static readonly Dictionary<(char Letter, char Mark), char> Composed = ReadCompositions();

    /// <summary>The normal form. O(length).</summary>
    public static string Fold(ReadOnlySpan<char> word)
    {
        var folded = new StringBuilder(word.Length);
        foreach (var rune in word.EnumerateRunes())
        {
            if (!rune.IsBmp)
            {
                folded.Append(Rune.ToLowerInvariant(rune));
                continue;
            }

            if (Compatible((char)rune.Value) is { } plain)
            {
                folded.Append(plain);
            }
            else
            {
                Append(folded, char.ToLowerInvariant(Wide((char)rune.Value)));
            }
        }

        return folded.ToString();
    }

    /// <summary>Letters and digits of the compatibility blocks that stand for ASCII ones; null for everything else, accented letters too.</summary>
    private static string? Compatible(char c) =>
        c is (>= '\u2070' and <= '\u24FF') or (>= '\u3200' and <= '\u33FF') or (>= '\uFB00' and <= '\uFB06') or (>= '\uFF01' and <= '\uFF5E') or '\u00B2' or '\u00B3' or '\u00B9'
            ? LatinFolding.Fold(c) is { Length: > 0 } folded ? folded : null
            : null;

    private static char Wide(char c) => c switch
    {
        >= FirstHalfWidthKatakana and <= '\uFF9D' => Katakana[c - FirstHalfWidthKatakana],
        '\uFF9E' => '\u3099',
        '\uFF9F' => '\u309A',
        _ => c,
    };

    private static void Append(StringBuilder folded, char c)
    {
        if (folded.Length > 0 && Composed.TryGetValue((folded[^1], c), out var composed))
        {
            folded[^1] = composed;
        }
        else
        {
            folded.Append(c);
        }
    }

    private static Dictionary<(char Letter, char Mark), char> ReadCompositions()
    {
        var result = new Dictionary<(char, char), char>();
        foreach (var line in Compositions.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var mark = (char)int.Parse(line.AsSpan(0, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            for (var i = 5; i < line.Length; i += 2)
            {
                result[(line[i], mark)] = line[i + 1];
            }
        }

        return result;
    }
}
