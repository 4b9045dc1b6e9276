using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp.Tools;

namespace AiPlatform.McpServer.Mcp.Prompts;

/// <summary>The products a prompt is about, read as the caller sees them.</summary>
internal sealed class PromptSubject(ICatalogIndex index, CatalogArgument catalogs)
{
    /// <summary>The catalog named, if the caller sees it; null when none is named.</summary>
    /// <exception cref="CatalogRequestException">It is missing or out of sight.</exception>
    public async ValueTask<string?> NamedCatalogAsync(AccessScope scope, ToolArguments arguments, CancellationToken cancellationToken)
    {
        if (!Given(arguments, PromptArguments.Catalog))
        {
            return null;
        }

        var name = arguments.RequiredText(PromptArguments.Catalog, PromptArguments.CatalogLength);
        return (await index.ListCatalogsAsync(scope, cancellationToken)).Any(c => c.Name == name)
            ? name
            : throw new CatalogRequestException(CatalogErrors.UnknownCatalog, PromptArguments.Catalog, "none");
    }

    /// <summary>The catalog named, or the only one.</summary>
    public ValueTask<string> CatalogAsync(AccessScope scope, ToolArguments arguments, CancellationToken cancellationToken) =>
        catalogs.ReadAsync(scope, Given(arguments, PromptArguments.Catalog) ? arguments : ToolArguments.From(null), cancellationToken);

    /// <summary>All the products, in order.</summary>
    /// <exception cref="CatalogRequestException">One of them is missing or out of sight.</exception>
    public async ValueTask<IReadOnlyList<Product>> ProductsAsync(AccessScope scope, string catalog, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var found = await index.GetAsync(scope, catalog, ids, cancellationToken);
        return found.Count == ids.Count
            ? found
            : throw new CatalogRequestException(CatalogErrors.NotFound, PromptArguments.Id, string.Join(", ", ids.Except(found.Select(p => p.Id)).Select(PromptDraft.Quote)));
    }

    /// <summary>Whether an argument says anything: clients send an empty text for what a person left out.</summary>
    public static bool Given(ToolArguments arguments, string name) => !string.IsNullOrWhiteSpace(arguments.Text(name, PromptArguments.SentenceLength));
}
