using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Core.Text;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>The catalog a call is about: named, or the only one the caller sees.</summary>
internal sealed class CatalogArgument(ICatalogIndex index)
{
    public const string Name = "catalog";

    private const int MostNames = 20;

    public const string Schema = """
        "catalog": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 64, "description": "Name of the catalog. May be left out when whoami lists only one."}
        """;

    public async ValueTask<string> ReadAsync(AccessScope scope, ToolArguments arguments, CancellationToken cancellationToken)
    {
        if (arguments.Has(Name))
        {
            return arguments.RequiredText(Name, CatalogLimits.CatalogNameCharacters);
        }

        var catalogs = await index.ListCatalogsAsync(scope, cancellationToken);
        return catalogs.Count switch
        {
            1 => catalogs[0].Name,
            0 => throw new CatalogRequestException(CatalogErrors.UnknownCatalog, Name, "none"),
            _ => throw new ToolArgumentException(ToolArgumentException.Missing, Name, $"'{Name}' is needed: you see {Names(catalogs)}."),
        };
    }

    /// <summary>What to say about a catalog that is missing or out of sight: the one text for both, whatever the engine says.</summary>
    public async ValueTask<string> UnknownAsync(AccessScope scope, string? written, CancellationToken cancellationToken)
    {
        var catalogs = await index.ListCatalogsAsync(scope, cancellationToken);
        if (catalogs.Count == 0)
        {
            return "There is no such catalog, and none that you may read. Ask for a group that may.";
        }

        var near = written is null ? null : NearestName.Of(written, catalogs.Select(c => c.Name));
        return $"There is no such catalog{(near is null ? "." : $"; did you mean '{near}'?")} You see {Names(catalogs)}.";
    }

    private static string Names(IReadOnlyList<CatalogInfo> catalogs) =>
        string.Join(", ", catalogs.Take(MostNames).Select(c => c.Name)) + (catalogs.Count > MostNames ? " and more; whoami lists them" : "");
}
