using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp;

/// <summary>The URI of a product, <c>product://{catalog}/{id}</c>. Says nothing about whether there is such a product.</summary>
internal static class ProductUri
{
    /// <summary>The template clients fill in.</summary>
    public const string Template = "product://{catalog}/{id}";

    /// <summary>Media type of what a product's URI reads as.</summary>
    public const string MediaType = "application/json";

    private const string Scheme = "product://";

    /// <summary>The URI.</summary>
    public static string Of(string catalog, string id) => string.Concat(Scheme, PercentText.Encode(catalog), "/", PercentText.Encode(id));

    /// <summary>False for anything that is no URI of a product. O(length), bounded.</summary>
    public static bool TryRead(string uri, out string catalog, out string id)
    {
        catalog = id = "";
        if (!uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = uri.AsSpan(Scheme.Length);
        var slash = rest.IndexOf('/');
        return slash > 0
            && PercentText.TryDecode(rest[..slash], CatalogLimits.CatalogNameCharacters, out catalog)
            && PercentText.TryDecode(rest[(slash + 1)..], CatalogLimits.IdBytes, out id);
    }
}
