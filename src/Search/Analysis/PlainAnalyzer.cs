using System.Globalization;
using System.Text;
using AiPlatform.Core.Text;

namespace AiPlatform.Search.Analysis;

/// <summary>
/// Any language: words are runs of Unicode letters, digits and marks, folded as keywords are (<see cref="FoldedText"/>: lower case, NFKC); no stemming, no stop
/// words, accents kept. Han, Hiragana, Katakana, Thai, Lao and Khmer, which are written without spaces, give one term a character.
/// </summary>
/// <remarks>One instance holds a bounded cache of words; share it (<see cref="TextAnalyzers"/> does). Known words cost no allocation.</remarks>
public sealed class PlainAnalyzer : ITextAnalyzer
{
    /// <summary>Characters of a word that its term keeps; the rest of a longer word is skipped.</summary>
    public const int LongestWord = 64;

    private readonly TermCache _terms = new();

    /// <inheritdoc/>
    public string Name => "plain-1";

    /// <inheritdoc/>
    public void Analyze(ReadOnlySpan<char> text, List<TextToken> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var position = 0;
        while (position < text.Length)
        {
            var length = WordAt(text[position..]);
            if (length > 0)
            {
                tokens.Add(new TextToken(TermOf(text.Slice(position, Math.Min(length, LongestWord))), position, length));
            }

            position += Math.Max(length, 1);
        }
    }

    /// <summary>The term of one word; empty for what is no word.</summary>
    public string NormalizeWord(ReadOnlySpan<char> word)
    {
        var length = WordAt(word);
        return length == 0 ? "" : TermOf(word[..Math.Min(length, LongestWord)]);
    }

    /// <summary>Length of the word the text starts with; 0 when it starts with a separator.</summary>
    private static int WordAt(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length)
        {
            Rune.DecodeFromUtf16(text[length..], out var rune, out var size);
            if (!IsWordPart(rune, first: length == 0))
            {
                break;
            }

            if (StandsAlone(rune))
            {
                return length == 0 ? size + MarksAt(text[size..]) : length;
            }

            length += size;
        }

        return length;
    }

    private static int MarksAt(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && (text[length] is '\uFF9E' or '\uFF9F' || IsMark(CharUnicodeInfo.GetUnicodeCategory(text[length]))))
        {
            length++;
        }

        return length;
    }

    private static bool IsWordPart(Rune rune, bool first) =>
        rune.IsAscii ? char.IsAsciiLetterOrDigit((char)rune.Value) : Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherNumber || (!first && IsMark(Rune.GetUnicodeCategory(rune)));

    private static bool IsMark(UnicodeCategory category) =>
        category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool StandsAlone(Rune rune) => rune.Value is
        (>= 0x0E01 and <= 0x0EFF) or (>= 0x1780 and <= 0x17FF)
        or (>= 0x3041 and <= 0x30FF and not 0x30FC) or (>= 0x31F0 and <= 0x31FF)
        or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF66 and <= 0xFF9D) or (>= 0x20000 and <= 0x3FFFF);

    private string TermOf(ReadOnlySpan<char> word) => _terms.TryGet(word, out var term) ? term : _terms.Add(word, Compute(word));

    private static string Compute(ReadOnlySpan<char> word) => FoldedText.Fold(word);
}
