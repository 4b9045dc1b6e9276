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
        for (var start = 0; start < normal.Length;)
        {
            if (!char.IsLetterOrDigit(normal[start]))
            {
                start++;
                continue;
            }

            var end = start + 1;
            while (end < normal.Length && (char.IsLetterOrDigit(normal[end]) || (IsJoint(normal[end]) && end + 1 < normal.Length && char.IsLetterOrDigit(normal[end + 1]))))
            {
                end++;
            }

            if (end - start is >= MinLength and <= MaxLength)
            {
                yield return normal[start..end];
            }

            start = end;
        }
    }

    private static bool IsJoint(char c) => c is '-' or '\'' or '.';
}
