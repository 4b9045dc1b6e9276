using System.Globalization;
using System.Text;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Auth;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Tells a caller who it is to the server. The one tool every caller has.</summary>
internal sealed class WhoAmITool(ICatalogIndex index) : IMcpTool
{
    private const string InputSchema = """
        {"type": "object", "additionalProperties": false, "properties": {}}
        """;

    private const string Properties = """
        "subject": {"type": "string"},
        "name": {"type": "string"},
        "groups": {"type": "array", "items": {"type": "string"}},
        "tier": {"type": "string"},
        "limits": {"type": "object", "additionalProperties": false, "required": ["requests_per_minute", "requests_per_day"], "properties": {"requests_per_minute": {"type": "integer"}, "requests_per_day": {"type": "integer"}}},
        "access_level": {"type": "string", "enum": ["public", "internal", "confidential"]},
        "permissions": {"type": "array", "items": {"type": "string"}, "description": "As resource:action."},
        "catalogs": {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["name", "visible_products"], "properties": {"name": {"type": "string"}, "visible_products": {"type": "integer"}}}}
        """;

    public Tool Definition { get; } = ReadingTool.Define(
        "whoami",
        "Who am I",
        "Tells who the caller is to this server: groups, tier and its limits, access level, permissions, and the catalogs it can search with the number of products it sees in each. "
        + "Call it first when you do not know the name of the catalog.",
        "M8 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M4 21a8 8 0 0 1 16 0",
        InputSchema,
        ToolSchema.Answer(["subject", "groups", "tier", "limits", "access_level", "permissions", "catalogs"], Properties));

    public bool IsOffered(AccessScope scope, DateTimeOffset now) => true;

    public async ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (caller, arguments) = (call.Caller, call.Arguments);
        var catalogs = await index.ListCatalogsAsync(caller.Scope, cancellationToken);
        return new ToolAnswer(ToolJson.Write((caller, catalogs), static (json, a) => Write(json, a.caller, a.catalogs)), Text(caller, catalogs), IsError: false);
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, Caller caller, IReadOnlyList<CatalogInfo> catalogs)
    {
        var scope = caller.Scope;
        json.WriteStartObject();
        json.WriteString("subject", caller.Subject);
        json.WriteString("name", SafeText.Shorten(caller.Name, 200));
        List("groups", scope.Groups);
        json.WriteString("tier", scope.Tier.Name);
        json.WriteStartObject("limits");
        json.WriteNumber("requests_per_minute", scope.Tier.RequestsPerMinute);
        json.WriteNumber("requests_per_day", scope.Tier.RequestsPerDay);
        json.WriteEndObject();
        json.WriteString("access_level", Level(scope));
        List("permissions", scope.PermissionNames);
        json.WriteStartArray("catalogs");
        foreach (var catalog in catalogs)
        {
            json.WriteStartObject();
            json.WriteString("name", catalog.Name);
            json.WriteNumber("visible_products", catalog.VisibleProducts);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();

        void List(string name, IEnumerable<string> values)
        {
            json.WriteStartArray(name);
            foreach (var value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }
    }

    private static string Text(Caller caller, IReadOnlyList<CatalogInfo> catalogs)
    {
        var scope = caller.Scope;
        var text = new StringBuilder(256);
        text.Append(CultureInfo.InvariantCulture, $"{SafeText.Shorten(caller.Name, 200)} ({caller.Subject})\n");
        text.Append("Groups: ").AppendJoin(", ", scope.Groups).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"Tier: {scope.Tier.Name}, {scope.Tier.RequestsPerMinute} requests a minute, {scope.Tier.RequestsPerDay} a day\n");
        text.Append("Access level: ").Append(Level(scope)).Append('\n');
        text.Append("Permissions: ").AppendJoin(", ", scope.PermissionNames).Append('\n');
        foreach (var catalog in catalogs)
        {
            text.Append(CultureInfo.InvariantCulture, $"Catalog {catalog.Name}: {catalog.VisibleProducts} products\n");
        }

        return text.ToString();
    }

    private static string Level(AccessScope scope) => scope.DataAccessLevel.ToString().ToLowerInvariant();
}
