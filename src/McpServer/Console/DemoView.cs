using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Hosting;

namespace AiPlatform.McpServer.Console;

/// <summary>What one demo caller gets for a question.</summary>
/// <param name="Caller">The caller.</param>
/// <param name="Group">Its group as the policy declares it.</param>
/// <param name="Scope">What it may see.</param>
/// <param name="Visible">Products it sees in the catalog.</param>
/// <param name="Total">Products that match the question.</param>
/// <param name="Hits">The first of them.</param>
/// <param name="Corrected">The question as it was understood, when its spelling was corrected.</param>
internal sealed record DemoView(
    DemoCaller Caller, GroupPolicy Group, AccessScope Scope, int Visible, int Total, ImmutableArray<Product> Hits, string? Corrected)
{
    public static async Task<DemoView> ReadAsync(
        ICatalogIndex index, DemoCaller caller, GroupPolicy group, AccessScope scope, string catalog, string question, int size, CancellationToken cancellationToken)
    {
        var visible = (await index.ListCatalogsAsync(scope, cancellationToken)).FirstOrDefault(c => c.Name == catalog);
        if (visible is null)
        {
            return new DemoView(caller, group, scope, 0, 0, [], null);
        }

        var page = await index.SearchAsync(scope, new ProductQuery { Catalog = catalog, Text = question, PageSize = size }, cancellationToken);
        return new DemoView(caller, group, scope, visible.VisibleProducts, page.Total ?? 0, [.. page.Hits.Select(h => h.Product).OfType<Product>()], page.CorrectedText);
    }
}
