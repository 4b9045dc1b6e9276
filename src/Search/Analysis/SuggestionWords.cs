using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Analysis;

/// <summary>The words a person may be typing: whole words of name, brand and class, lower case.</summary>
internal static class SuggestionWords
{
    private const int MinLength = 2;
    private const int MaxLength = 32;

    /// <summary>The product's words; may repeat.</summary>
    public static IEnumerable<string> Of(Product product) =>
        Words(product.Name).Concat(Words(product.Brand)).Concat(Words(product.Class));

    /// <summary>The words of a text, normalised as keywords.</summary>
    public static IEnumerable<string> Words(string text)
    {
        var normal = Keyword.Normalize(text);
        var position = 0;
        while (Next(normal, ref position, out var word))
        {
            yield return normal[word];
        }
    }

    /// <summary>The next word of a normalised text from a position, which moves behind it; false at the end.</summary>
    public static bool Next(string normal, ref int position, out Range word)
    {
        while (position < normal.Length)
        {
            if (!char.IsLetterOrDigit(normal[position]))
            {
                position++;
                continue;
            }

            var (start, end) = (position, position + 1);
            while (end < normal.Length && (char.IsLetterOrDigit(normal[end]) || (IsJoint(normal[end]) && end + 1 < normal.Length && char.IsLetterOrDigit(normal[end + 1]))))
            {
                end++;
            }

            position = end;
            if (end - start is >= MinLength and <= MaxLength)
            {
                word = start..end;
                return true;
            }
        }

        word = default;
        return false;
    }

    private static bool IsJoint(char c) => c is '-' or '\'' or '.';
}
