namespace AiPlatform.McpServer.Mcp;

/// <summary>Writes and reads the address of a product, <c>product://{catalog}/{id}</c>: the one code for links in answers and for resources.</summary>
internal static class ProductUri
{
    public const string Template = "product://{catalog}/{id}";

    public const string MediaType = "application/json";

    /// <summary>Longest address read; every valid id fits, each byte of it encoded.</summary>
    public const int MaxLength = 2_048;

    private const string Scheme = "product://";
    private const int MaxCatalogLength = 64;

    /// <summary>The address. Catalog and id are percent-encoded but for unreserved characters (RFC 3986), so that a slash or a dot in an id stays the id's.</summary>
    public static string Of(string catalog, string id) => string.Concat(Scheme, Uri.EscapeDataString(catalog), "/", Uri.EscapeDataString(id));

    /// <summary>
    /// Reads an address back. False for anything that <see cref="Of"/> would not have written: another scheme or spelling, more or fewer
    /// segments, a query, a fragment, an encoding that is not the shortest. So a product has one address. O(length), no pattern.
    /// </summary>
    public static bool TryRead(string uri, out string catalog, out string id)
    {
        (catalog, id) = ("", "");
        if (uri.Length > MaxLength || !uri.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return false;
        }

        var slash = uri.IndexOf('/', Scheme.Length);
        if (slash <= Scheme.Length || slash == uri.Length - 1)
        {
            return false;
        }

        catalog = Uri.UnescapeDataString(uri[Scheme.Length..slash]);
        id = Uri.UnescapeDataString(uri[(slash + 1)..]);
        return catalog.Length <= MaxCatalogLength && string.Equals(Of(catalog, id), uri, StringComparison.Ordinal);
    }
}
