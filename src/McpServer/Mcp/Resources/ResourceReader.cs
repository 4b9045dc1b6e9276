using System.Text;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp.Tools;

namespace AiPlatform.McpServer.Mcp.Resources;

/// <summary>
/// What a URI reads as for a scope. The one answer behind reading, subscribing and notices of changes, so that they agree on what is there:
/// nothing for a scope that may not read products, and nothing for what it does not see.
/// </summary>
internal sealed class ResourceReader(ICatalogIndex index, TimeProvider time)
{
    /// <summary>Media type of every resource.</summary>
    public const string MediaType = ProductUri.MediaType;

    /// <summary>Whether the scope may read resources at all.</summary>
    public bool IsOffered(AccessScope scope) => ProductReaders.Includes(scope, time.GetUtcNow());

    /// <summary>Whether a URI has the form of a resource of this server. Says nothing about whether there is one.</summary>
    public static bool IsResource(string uri) => ProductUri.TryRead(uri, out _, out _) || CatalogUri.TryRead(uri, out _);

    /// <summary>The JSON of a resource; null when it is missing or out of sight.</summary>
    public async ValueTask<string?> ReadAsync(AccessScope scope, string uri, CancellationToken cancellationToken)
    {
        if (!IsOffered(scope))
        {
            return null;
        }

        try
        {
            return ProductUri.TryRead(uri, out var catalog, out var id) ? await ReadProductAsync(scope, catalog, id, cancellationToken)
                : CatalogUri.TryRead(uri, out catalog) ? CatalogOverview.Write(catalog, await index.ListFacetsAsync(scope, new FacetQuery { Catalog = catalog }, cancellationToken))
                : null;
        }
        catch (CatalogRequestException missing) when (missing.Code is CatalogErrors.UnknownCatalog or CatalogErrors.NotFound)
        {
            return null;
        }
    }

    /// <summary>The JSON of a product as the embedded resource of a message.</summary>
    public static string Write(Product product, ProductDetail detail) =>
        Encoding.UTF8.GetString(ToolJson.Write((product, detail), static (json, a) => ProductView.Write(json, a.product, a.detail)).Span);

    private async ValueTask<string?> ReadProductAsync(AccessScope scope, string catalog, string id, CancellationToken cancellationToken)
    {
        var found = await index.GetAsync(scope, catalog, [id], cancellationToken);
        return found.Count == 0 ? null : Write(found[0], ProductDetail.Full);
    }
}
