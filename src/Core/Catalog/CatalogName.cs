namespace AiPlatform.Core.Catalog;

/// <summary>What may be the name of a catalog. Also the name of a folder, so that nothing else is let through.</summary>
public static class CatalogName
{
    /// <summary>The rule in words, for messages.</summary>
    public const string Rule = "1 to 64 of a-z 0-9 - _, starting with a letter or digit";

    /// <summary>Whether the text is 1 to <see cref="CatalogLimits.CatalogNameCharacters"/> of <c>a-z 0-9 - _</c> and starts with a letter or digit. O(length), no allocation.</summary>
    public static bool IsValid(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > CatalogLimits.CatalogNameCharacters || name[0] is '-' or '_')
        {
            return false;
        }

        foreach (var c in name)
        {
            if (!(char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
