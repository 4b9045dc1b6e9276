using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Resources;

/// <summary>The URI of a catalog's overview, <c>catalog://{name}</c>.</summary>
internal static class CatalogUri
{
    private const string Scheme = "catalog://";

    public static string Of(string catalog) => Scheme + PercentText.Encode(catalog);

    /// <summary>False for anything that is no URI of a catalog. A slash at the end, as some clients add one, is let pass.</summary>
    public static bool TryRead(string uri, out string catalog)
    {
        catalog = "";
        if (!uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var name = uri.AsSpan(Scheme.Length);
        return PercentText.TryDecode(name.EndsWith("/", StringComparison.Ordinal) ? name[..^1] : name, CatalogLimits.CatalogNameCharacters, out catalog);
    }
}
