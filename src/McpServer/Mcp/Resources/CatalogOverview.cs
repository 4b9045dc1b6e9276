using System.Text;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp.Tools;

namespace AiPlatform.McpServer.Mcp.Resources;

/// <summary>
/// What a catalog holds for a caller: how many products, and the values that filters take. Says nothing that changes without a change of what
/// the caller sees, such as the number of the index's generation: who watches it must not learn of products out of sight.
/// </summary>
internal static class CatalogOverview
{
    public static string Write(string catalog, FacetOverview overview)
    {
        using var answer = new AnswerWriter(AnswerBudget.DefaultTokens, takesLinks: false);
        answer.Json.WriteString("catalog", catalog);
        answer.Json.WriteNumber("visible_products", overview.Total);
        answer.Json.WriteString("use", "search_products searches this catalog; its filters take the fields and values below, list_facets has the rest of the values.");
        FacetView.Write(answer, overview.Facets);
        return Encoding.UTF8.GetString(answer.ToAnswer().Structured.Span);
    }
}
