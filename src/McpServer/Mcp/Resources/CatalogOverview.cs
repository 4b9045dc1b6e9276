using System.Text;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp.Tools;

namespace AiPlatform.McpServer.Mcp.Resources;

/// <summary>
/// What a catalog holds for a caller: how many products, and the values that filters take. Says nothing that changes without a change of what
/// the caller sees, such as the number of the index's generation: who watches it must not learn of products out of sight.
/// </summary>
internal static class CatalogOverview
{
    public static string Write(string catalog, FacetOverview overview) =>
        Encoding.UTF8.GetString(ToolJson.Write((catalog, overview), static (json, a) => Write(json, a.catalog, a.overview)).Span);

    private static void Write(Utf8JsonWriter json, string catalog, FacetOverview overview)
    {
        json.WriteStartObject();
        json.WriteString("catalog", catalog);
        json.WriteNumber("visible_products", overview.Total);
        json.WriteString("use", "search_products searches this catalog; its filters take the fields and values below, list_facets has the rest of the values.");
        FacetView.Write(json, new StringBuilder(), overview.Facets);
        json.WriteEndObject();
    }
}
