using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Resources;

/// <summary>The resources a caller is told of: an overview of each catalog it sees. Products are found by searching and read by the template.</summary>
internal sealed class ResourceList(ICatalogIndex index, ResourceReader reader)
{
    private const int NameText = 100;

    private static readonly IList<Icon> CatalogIcons = McpIcon.Of("M4 5h16v14H4zM4 10h16M9 10v9");

    private static readonly ResourceTemplate Products = new()
    {
        Name = "product",
        Title = "Product",
        UriTemplate = ProductUri.Template,
        Description = "One product with its full description and every specification, as JSON. Catalog and id are percent-encoded; search_products and get_products link to it.",
        MimeType = ResourceReader.MediaType,
        Annotations = Shown(0.5f),
        Icons = McpIcon.Of("M12 3l8 4v10l-8 4-8-4V7zM4 7l8 4 8-4M12 11v10"),
    };

    /// <summary>Names of the catalogs the scope sees, in order; none for a scope that may not read products.</summary>
    public async ValueTask<IReadOnlyList<string>> CatalogsAsync(AccessScope scope, CancellationToken cancellationToken) =>
        reader.IsOffered(scope) ? [.. (await index.ListCatalogsAsync(scope, cancellationToken)).Select(c => c.Name)] : [];

    public async ValueTask<IReadOnlyList<Resource>> ListAsync(AccessScope scope, CancellationToken cancellationToken) =>
        [.. (await CatalogsAsync(scope, cancellationToken)).Select(Overview)];

    public IReadOnlyList<ResourceTemplate> TemplatesFor(AccessScope scope) => reader.IsOffered(scope) ? [Products] : [];

    private static Resource Overview(string catalog) => new()
    {
        Uri = CatalogUri.Of(catalog),
        Name = catalog,
        Title = "Catalog " + SafeText.Shorten(catalog, NameText),
        Description = "What this catalog holds for you: the number of products you see, and the fields and values that filters take, with counts.",
        MimeType = ResourceReader.MediaType,
        Annotations = Shown(0.8f),
        Icons = CatalogIcons,
    };

    private static Annotations Shown(float priority) => new() { Audience = [Role.Assistant, Role.User], Priority = priority };
}
