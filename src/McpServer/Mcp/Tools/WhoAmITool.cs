using System.Globalization;
using System.Text;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Operations;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Tells a caller who it is to the server. The one tool every caller has.</summary>
internal sealed class WhoAmITool(ICatalogIndex index, ILogger<WhoAmITool> logger) : IMcpTool
{
    /// <summary>Bytes of each text that is always in the answer.</summary>
    private const int FixedBytes = 600;

    private const int NameText = 200;

    /// <summary>Bytes kept for saying what was left out.</summary>
    private const int NoteBytes = 400;

    private const string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "properties": {
          {{{{AnswerBudget.Schema}}}} }}
        """;

    private const string Properties = """
        "subject": {"type": "string"},
        "name": {"type": "string"},
        "groups": {"type": "array", "items": {"type": "string"}},
        "tier": {"type": "string"},
        "limits": {"type": "object", "additionalProperties": false, "required": ["requests_per_minute", "requests_per_day"], "properties": {"requests_per_minute": {"type": "integer"}, "requests_per_day": {"type": "integer"}}},
        "access_level": {"type": "string", "enum": ["public", "internal", "confidential"]},
        "permissions": {"type": "array", "items": {"type": "string"}, "description": "As resource:action."},
        "catalogs": {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["name", "visible_products"], "properties": {"name": {"type": "string"}, "visible_products": {"type": "integer"}}}},
        "groups_omitted": {"type": "integer", "description": "Groups left out for want of room: raise max_tokens."},
        "permissions_omitted": {"type": "integer", "description": "Permissions left out for want of room."},
        "catalogs_omitted": {"type": "integer", "description": "Catalogs left out for want of room."},
        "catalogs_unavailable": {"type": "boolean", "description": "The search engine is away, and which catalogs you can search cannot be told now."}
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
        var (caller, budget) = (call.Caller, AnswerBudget.Read(call.Arguments));
        var catalogs = await FindCatalogsAsync(caller.Scope, cancellationToken);
        using var answer = new AnswerWriter(budget, takesLinks: false);
        Write(answer, caller, catalogs ?? []);
        if (catalogs is null)
        {
            answer.Json.WriteBoolean("catalogs_unavailable", true);
            answer.Text.Append("The search engine is away: which catalogs you can search cannot be told now.\n");
        }

        return answer.ToAnswer();
    }

    /// <summary>The catalogs; null while the engine is away, which is no reason not to tell who the caller is.</summary>
    private async ValueTask<IReadOnlyList<CatalogInfo>?> FindCatalogsAsync(AccessScope scope, CancellationToken cancellationToken)
    {
        try
        {
            return await index.ListCatalogsAsync(scope, cancellationToken);
        }
        catch (CatalogEngineException away)
        {
            Log.EngineFailed(logger, away.Code, away.Message, FailureReference.Create());
            return null;
        }
    }

    private static void Write(AnswerWriter answer, Caller caller, IReadOnlyList<CatalogInfo> catalogs)
    {
        var (json, text, scope) = (answer.Json, answer.Text, caller.Scope);
        var subject = JsonSize.Shorten(caller.Subject, FixedBytes);
        var name = JsonSize.Shorten(SafeText.Shorten(caller.Name, NameText), FixedBytes);
        json.WriteString("subject", subject);
        json.WriteString("name", name);
        text.Append(CultureInfo.InvariantCulture, $"{name} ({subject})\n");
        WriteNames(answer, "groups", "Groups: ", scope.Groups, answer.Left / 4 * 3);
        json.WriteString("tier", scope.Tier.Name);
        json.WriteStartObject("limits");
        json.WriteNumber("requests_per_minute", scope.Tier.RequestsPerMinute);
        json.WriteNumber("requests_per_day", scope.Tier.RequestsPerDay);
        json.WriteEndObject();
        text.Append(CultureInfo.InvariantCulture, $"Tier: {scope.Tier.Name}, {scope.Tier.RequestsPerMinute} requests a minute, {scope.Tier.RequestsPerDay} a day\n");
        var level = scope.DataAccessLevel.ToString().ToLowerInvariant();
        json.WriteString("access_level", level);
        text.Append("Access level: ").Append(level).Append('\n');
        WriteNames(answer, "permissions", "Permissions: ", scope.PermissionNames, answer.Left / 2);
        json.WriteStartArray("catalogs");
        var omitted = catalogs.Count(catalog => !answer.TryAdd(catalog, NoteBytes, DrawCatalog));
        json.WriteEndArray();
        WriteOmitted(answer, "catalogs", omitted);
    }

    private static void WriteNames(AnswerWriter answer, string member, string heading, IEnumerable<string> names, long keep)
    {
        answer.Text.Append(heading);
        var start = answer.Text.Length;
        answer.Json.WriteStartArray(member);
        var omitted = names.Count(name => !answer.TryAdd((name, start), keep, DrawName));
        answer.Json.WriteEndArray();
        answer.Text.Append('\n');
        WriteOmitted(answer, member, omitted);
    }

    private static void WriteOmitted(AnswerWriter answer, string member, int omitted)
    {
        answer.Optional(member + "_omitted", omitted);
        if (omitted > 0)
        {
            answer.Text.Append(CultureInfo.InvariantCulture, $"{omitted} {member} did not fit.\n");
        }
    }

    private static void DrawName(Utf8JsonWriter json, StringBuilder text, (string Name, int Start) item)
    {
        json.WriteStringValue(item.Name);
        text.Append(text.Length == item.Start ? "" : ", ").Append(item.Name);
    }

    private static void DrawCatalog(Utf8JsonWriter json, StringBuilder text, CatalogInfo catalog)
    {
        json.WriteStartObject();
        json.WriteString("name", catalog.Name);
        json.WriteNumber("visible_products", catalog.VisibleProducts);
        json.WriteEndObject();
        text.Append(CultureInfo.InvariantCulture, $"Catalog {catalog.Name}: {catalog.VisibleProducts} products\n");
    }
}
