using System.Text;

namespace AiPlatform.Core.Catalog;

/// <summary>The one normal form in which keyword values (brands, groups, regions, specification values) are compared and indexed.</summary>
public static class Keyword
{
    /// <summary>NFKC, trimmed, lower case (invariant). Allocates only when something changes. O(length).</summary>
    public static string Normalize(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (IsNormal(value))
        {
            return value;
        }

        return value.Normalize(NormalizationForm.FormKC).Trim().ToLowerInvariant();
    }

    private static bool IsNormal(string value)
    {
        foreach (var c in value)
        {
            if (c >= 0x80 || (uint)(c - 'A') <= 'Z' - 'A')
            {
                return false;
            }
        }

        return value.Length == 0 || (!char.IsWhiteSpace(value[0]) && !char.IsWhiteSpace(value[^1]));
    }
}
