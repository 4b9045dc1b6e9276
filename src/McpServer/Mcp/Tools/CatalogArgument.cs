using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>The catalog a call is about: named, or the only one the caller sees.</summary>
internal sealed class CatalogArgument(ICatalogIndex index)
{
    public const string Name = "catalog";

    public const string Schema = """
        "catalog": {"type": "string", "minLength": 1, "maxLength": 64, "description": "Name of the catalog. May be left out when whoami lists only one."}
        """;

    public async ValueTask<string> ReadAsync(AccessScope scope, ToolArguments arguments, CancellationToken cancellationToken)
    {
        if (arguments.Has(Name))
        {
            return arguments.RequiredText(Name, 64);
        }

        var catalogs = await index.ListCatalogsAsync(scope, cancellationToken);
        return catalogs.Count switch
        {
            1 => catalogs[0].Name,
            0 => throw new CatalogRequestException(CatalogErrors.UnknownCatalog, Name, "none"),
            _ => throw new ToolArgumentException(ToolArgumentException.Missing, Name, $"'{Name}' is needed: you see {string.Join(", ", catalogs.Select(c => c.Name))}."),
        };
    }
}
