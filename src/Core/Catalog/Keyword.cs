using System.Text;
using AiPlatform.Core.Text;

namespace AiPlatform.Core.Catalog;

/// <summary>The one normal form in which keyword values (brands, groups, regions, specification values) are compared and indexed.</summary>
public static class Keyword
{
    /// <summary>
    /// NFKC, lower case, without the characters that show nothing (<see cref="FoldedText"/> says exactly what), trimmed. The same on every host;
    /// idempotent; never throws on ill-formed text. Allocates only when something changes, for ASCII at least. O(length · log of the longest run of marks).
    /// </summary>
    public static string Normalize(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (IsNormal(value))
        {
            return value;
        }

        var normal = Ascii.IsValid(value) && !value.Any(c => FoldedText.ShowsNothing(c))
            ? value.Trim().ToLowerInvariant()
            : FoldedText.Fold(value).Trim();
        return string.Equals(normal, value, StringComparison.Ordinal) ? value : normal;
    }

    private static bool IsNormal(string value)
    {
        foreach (var c in value)
        {
            if (c is < ' ' or > '~' or (>= 'A' and <= 'Z'))
            {
                return false;
            }
        }

        return value.Length == 0 || (value[0] != ' ' && value[^1] != ' ');
    }
}
