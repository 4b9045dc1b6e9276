using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools.Explaining;

/// <summary>
/// Tells an administrator why somebody sees a product or not. The answer tells that the product exists, whoever may see it: the tool does not exist
/// for others, the product is read through a system scope, and every use is audited before anything is read.
/// </summary>
internal sealed class ExplainAccessTool(ICatalogIndex index, CatalogArgument catalogs, IApiKeyStore keys, AccessScope.Issuer issuer, TimeProvider time) : IMcpTool
{
    private const int IdText = 200;
    private const int RuleText = 400;

    /// <summary>Bytes of each text that is always in the answer, structured and as text: together they fit the smallest budget.</summary>
    private const int FixedBytes = 600;

    private const int NoteBytes = 200;

    private const string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "required": ["id"], "properties": {
          "id": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 512, "description": "Id of the product."},
          {{{{CatalogArgument.Schema}}}},
          {{{{ExplainedCaller.Schema}}}},
          {{{{AnswerBudget.Schema}}}} }}
        """;

    private const string Properties = """
        "catalog": {"type": "string"},
        "id": {"type": "string"},
        "name": {"type": "string", "description": "Name of the product."},
        "caller": {"type": "string", "description": "Whose access is explained."},
        "visible": {"type": "boolean", "description": "Whether that caller sees the product: the region rule holds and at least one group admits it."},
        "region_rule": {"type": "string", "description": "What the region rule says, or why nothing else was asked."},
        "region_change": {"type": "string", "description": "What would have to change for the region rule to hold."},
        "unknown_groups": {"type": "array", "items": {"type": "string"}, "description": "Groups the policy does not have: they give nothing."},
        "groups": {"type": "array", "description": "What each group says.", "items": {"type": "object", "additionalProperties": false, "required": ["group", "admits", "rules", "changes"], "properties": {
          "group": {"type": "string"},
          "admits": {"type": "boolean", "description": "Whether every rule of the group holds."},
          "rules": {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["rule", "holds"], "properties": {"rule": {"type": "string"}, "holds": {"type": "boolean"}}}},
          "changes": {"type": "array", "items": {"type": "string"}, "description": "What would have to change for the group to admit the product; all of them."}}}},
        "groups_omitted": {"type": "integer", "description": "Groups left out for want of room: ask for fewer, or raise max_tokens."}
        """;

    public Tool Definition { get; } = ReadingTool.Define(
        "explain_access",
        "Explain access",
        "For administrators: tells why a caller (groups with a region, or an API key) sees a product or not, rule by rule and group by group, and what would have to change. "
        + "Use it when somebody asks why a product is missing from their answers or why they see it. "
        + "It names the product whoever may see it, so also one that the administrator asking would not find. Every use is recorded in the audit log.",
        "M12 3l8 3v6c0 5-4 8-8 9c-4-1-8-4-8-9V6zM12 8v5M12 16v1",
        InputSchema,
        ToolSchema.Answer(["catalog", "id", "caller", "visible", "region_rule", "groups"], Properties));

    public bool IsOffered(AccessScope scope, DateTimeOffset now) => AccessExplainer.MayExplain(scope, now);

    public bool IsPermitted(AccessScope scope, JsonElement arguments, DateTimeOffset now) =>
        IsOffered(scope, now)
        && (!Has(arguments, ExplainedCaller.KeyPrefix) || scope.Allows(Right.ReadKeys, now))
        // Without a name the catalog is the only one the caller reads.
        && (Has(arguments, CatalogArgument.Name) || ProductReaders.Includes(scope, now));

    public async ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (asking, arguments) = (call.Caller.Scope, call.Arguments);
        var id = arguments.RequiredText("id", CatalogLimits.IdBytes);
        var budget = AnswerBudget.Read(arguments);
        var catalog = await catalogs.ReadAsync(asking, arguments, cancellationToken);
        var explained = await ExplainedCaller.ReadAsync(keys, asking, arguments, cancellationToken);
        // Before anything is read: what cannot be audited is not answered.
        var system = issuer.IssueSystem(
            SafeText.Clean($"explain_access for {call.Caller.Subject}: {explained.Words}; product {SafeText.Shorten(id, IdText)} of {catalog}"),
            "an administrator asks why a product is visible to a caller or not");
        if (await index.GetAsync(system, catalog, [id], cancellationToken) is not [var product])
        {
            throw new CatalogRequestException(CatalogErrors.NotFound, "id", "no product");
        }

        var now = time.GetUtcNow();
        var scope = issuer.Issue(explained.Facts);
        var explanation = AccessExplainer.Explain(asking, scope, catalog, product, now);
        using var answer = new AnswerWriter(budget, call.TakesLinks);
        Write(answer, catalog, product, explained, scope, explanation, scope.ProductsIn(catalog, now));
        return answer.ToAnswer();
    }

    private static void Write(
        AnswerWriter answer, string catalog, Product product, ExplainedCaller explained, AccessScope scope, AccessExplanation explanation, ProductFilter filter)
    {
        var caller = JsonSize.Shorten(explained.Words, FixedBytes);
        var region = JsonSize.Shorten(explanation.RegionRule, FixedBytes);
        var name = JsonSize.Shorten(product.Name, FixedBytes);
        var id = JsonSize.Shorten(product.Id, FixedBytes);
        var change = explanation.Branches.IsEmpty || AccessChanges.OfRegion(filter, product) is not { } words ? null : JsonSize.Shorten(words, FixedBytes);
        answer.Json.WriteString("catalog", catalog);
        answer.Json.WriteString("id", id);
        answer.Json.WriteString("name", name);
        answer.Json.WriteString("caller", caller);
        answer.Json.WriteBoolean("visible", explanation.Visible);
        answer.Json.WriteString("region_rule", region);
        answer.Optional("region_change", change);
        answer.Text.Append(caller).Append(explanation.Visible ? " sees [" : " does not see [").Append(id).Append("] ").Append(name).Append('\n');
        answer.Text.Append("Region: ").Append(region).Append('\n').Append(change is null ? "" : $"  Change: {change}\n");
        WriteUnknownGroups(answer, explained.Facts.Groups, scope.Groups);
        var omitted = 0;
        answer.Json.WriteStartArray("groups");
        foreach (var branch in explanation.Branches)
        {
            ImmutableArray<string> changes = branch.Admits ? [] : [.. AccessChanges.Of(filter, branch.GroupId, catalog, product)];
            omitted += answer.TryAdd((branch, changes), NoteBytes, DrawGroup) ? 0 : 1;
        }

        answer.Json.WriteEndArray();
        answer.Optional("groups_omitted", omitted);
    }

    private static bool Has(JsonElement arguments, string name) =>
        arguments.ValueKind == JsonValueKind.Object && arguments.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static void WriteUnknownGroups(AnswerWriter answer, ImmutableArray<string> asked, ImmutableArray<string> known)
    {
        var unknown = asked.Where(g => !known.Contains(g.ToLowerInvariant())).ToList();
        if (unknown.Count == 0)
        {
            return;
        }

        answer.Json.WriteStartArray("unknown_groups");
        foreach (var group in unknown)
        {
            answer.TryAdd(group, NoteBytes, static (json, text, g) =>
            {
                json.WriteStringValue(SafeText.Clean(g));
                text.Append("Not a group of the policy: ").Append(SafeText.Clean(g)).Append('\n');
            });
        }

        answer.Json.WriteEndArray();
    }

    private static void DrawGroup(Utf8JsonWriter json, StringBuilder text, (BranchExplanation Branch, ImmutableArray<string> Changes) item)
    {
        json.WriteStartObject();
        json.WriteString("group", item.Branch.GroupId);
        json.WriteBoolean("admits", item.Branch.Admits);
        json.WriteStartArray("rules");
        text.Append(item.Branch.GroupId).Append(item.Branch.Admits ? ": admits it\n" : ": refuses it\n");
        foreach (var rule in item.Branch.Rules)
        {
            var words = SafeText.Shorten(rule.Rule, RuleText);
            json.WriteStartObject();
            json.WriteString("rule", words);
            json.WriteBoolean("holds", rule.Holds);
            json.WriteEndObject();
            text.Append(rule.Holds ? "  holds: " : "  fails: ").Append(words).Append('\n');
        }

        json.WriteEndArray();
        json.WriteStartArray("changes");
        foreach (var change in item.Changes.Select(c => SafeText.Shorten(c, RuleText)))
        {
            json.WriteStringValue(change);
            text.Append("  Change: ").Append(change).Append('\n');
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
