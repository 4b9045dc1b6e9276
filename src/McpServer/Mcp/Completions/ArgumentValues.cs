using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp.Prompts;
using AiPlatform.McpServer.Mcp.Resources;
using AiPlatform.McpServer.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Completions;

/// <summary>The values an argument can take, by its name, among what the scope sees: in the chosen catalog, or in all of them. At most <see cref="MaxValues"/>.</summary>
internal sealed class ArgumentValues(ICatalogIndex index, ResourceList resources, ProductIds ids)
{
    /// <summary>Values of one answer, by the protocol.</summary>
    public const int MaxValues = 100;

    /// <summary>Catalogs looked into when none is chosen.</summary>
    private const int MaxCatalogs = 10;

    /// <summary>Characters of a value that is looked for; of a list, in its last item.</summary>
    private const int MaxLookedUp = 200;

    public async ValueTask<Completion> CompleteAsync(AccessScope scope, string argument, string typed, string? chosen, CancellationToken cancellationToken)
    {
        var catalogs = await resources.CatalogsAsync(scope, cancellationToken);
        if (argument == PromptArguments.Catalog)
        {
            return Answer(catalogs.Where(c => c.StartsWith(typed.Trim(), StringComparison.OrdinalIgnoreCase)), isWhole: true);
        }

        Func<string, ValueTask<IEnumerable<string>>>? find = argument switch
        {
            PromptArguments.Category => catalog => FacetsAsync(scope, catalog, ProductFields.Category, typed, cancellationToken),
            PromptArguments.Brand => catalog => FacetsAsync(scope, catalog, ProductFields.Brand, typed, cancellationToken),
            PromptArguments.Need => catalog => QueriesAsync(scope, catalog, typed, cancellationToken),
            PromptArguments.Id => catalog => ids.FindAsync(scope, catalog, typed, CatalogLimits.FoundValues, cancellationToken),
            PromptArguments.Ids => catalog => IdListAsync(scope, catalog, typed, cancellationToken),
            // Free text: there is nothing to choose from.
            _ => null,
        };
        var found = new List<string>();
        // A catalog that is chosen and not seen is looked into like one that is missing: not at all.
        foreach (var catalog in find is null || LookedUp(argument, typed) > MaxLookedUp ? [] : catalogs.Where(c => chosen is null || c == chosen).Take(MaxCatalogs))
        {
            try
            {
                found.AddRange(await find!(catalog));
            }
            catch (CatalogRequestException gone) when (gone.Code == CatalogErrors.UnknownCatalog)
            {
                // It went out of sight since it was listed: then it has no values.
            }
        }

        return Answer(found, isWhole: false);
    }

    private static int LookedUp(string argument, string typed) => argument == PromptArguments.Ids ? typed.Length - typed.LastIndexOf(',') - 1 : typed.Length;

    private static Completion Answer(IEnumerable<string> values, bool isWhole)
    {
        // A value that would have to be cleaned before it is shown would no longer be the value.
        var all = values.Where(v => ReferenceEquals(SafeText.Clean(v), v)).Distinct(StringComparer.Ordinal).ToList();
        var more = all.Count > MaxValues;
        return new Completion { Values = [.. all.Take(MaxValues)], Total = more && !isWhole ? null : all.Count, HasMore = more };
    }

    private async ValueTask<IEnumerable<string>> FacetsAsync(AccessScope scope, string catalog, string field, string typed, CancellationToken cancellationToken)
    {
        var query = new FacetValueQuery { Catalog = catalog, Field = field, Text = typed, Size = CatalogLimits.FoundValues };
        return (await index.FindFacetValuesAsync(scope, query, cancellationToken)).Select(v => v.Value);
    }

    private async ValueTask<IEnumerable<string>> QueriesAsync(AccessScope scope, string catalog, string typed, CancellationToken cancellationToken)
    {
        var query = new SuggestQuery { Catalog = catalog, Prefix = typed, Size = CatalogLimits.Suggestions };
        return string.IsNullOrWhiteSpace(typed) ? [] : (await index.SuggestAsync(scope, query, cancellationToken)).Select(s => s.Text);
    }

    /// <summary>Completes the last id of a list and keeps what stands before it.</summary>
    private async ValueTask<IEnumerable<string>> IdListAsync(AccessScope scope, string catalog, string typed, CancellationToken cancellationToken)
    {
        var start = typed.LastIndexOf(',') + 1;
        var before = typed[..start];
        var taken = before.Split(',', StringSplitOptions.TrimEntries).ToImmutableHashSet(StringComparer.Ordinal);
        var found = await ids.FindAsync(scope, catalog, typed[start..], CatalogLimits.FoundValues, cancellationToken);
        return found.Where(id => !taken.Contains(id)).Select(id => before + id);
    }
}
