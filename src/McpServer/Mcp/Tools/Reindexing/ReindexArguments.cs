using System.Collections.Immutable;
using AiPlatform.Indexer.Gates;
using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.McpServer.Mcp.Tools.Reindexing;

/// <summary>Arguments of a start that MCP and REST share: their names are the same in both spellings.</summary>
internal static class ReindexArguments
{
    public const string Mode = "mode";
    public const string Overrides = "overrides";

    private const string Gate = "gate";
    private const string Reason = "reason";
    private const int MinReason = 5;
    private const int MaxReason = 500;

    private static readonly Dictionary<string, ReindexMode> Modes = new(StringComparer.Ordinal) { ["full"] = ReindexMode.Full, ["incremental"] = ReindexMode.Incremental };
    private static readonly Dictionary<string, string> Gates = GateNames.Overridable.ToDictionary(g => g, StringComparer.Ordinal);

    /// <summary>The members of the input schema.</summary>
    public static string Schema { get; } = $$"""
        "mode": {"type": "string", "enum": ["full", "incremental"], "default": "full", "description": "full: the source is the whole catalog, and what it does not have is deleted. incremental: its rows are changes, and all other products stay."},
        "overrides": {"type": "array", "maxItems": {{Gates.Count}}, "description": "Gates to open although they may refuse, each with the reason, which goes into the audit. Only when somebody who answers for the catalog says so.", "items": {
          "type": "object", "additionalProperties": false, "required": ["gate", "reason"], "properties": {
            "gate": {"type": "string", "enum": [{{string.Join(", ", Gates.Keys.Select(g => $"\"{g}\""))}}]},
            "reason": {"type": "string", "minLength": {{MinReason}}, "maxLength": {{MaxReason}}, "pattern": "\\S"} } } }
        """;

    public static ReindexMode ReadMode(ToolArguments arguments) => arguments.Choice(Mode, Modes, ReindexMode.Full);

    public static ImmutableSortedDictionary<string, string> ReadOverrides(ToolArguments arguments)
    {
        var overrides = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var item in arguments.Objects(Overrides, Gates.Count))
        {
            item.AllowOnly([Gate, Reason]);
            var gate = item.Has(Gate) ? item.Choice(Gate, Gates, "") : throw item.MissingOne(Gate);
            var reason = item.RequiredText(Reason, MaxReason);
            if (reason.Trim().Length < MinReason)
            {
                throw item.Fault(Reason, $"must be at least {MinReason} characters: it goes into the audit");
            }

            if (!overrides.TryAdd(gate, reason))
            {
                throw item.Fault(Gate, "is named twice");
            }
        }

        return overrides.ToImmutable();
    }

    public static string Name(ReindexMode mode) => mode == ReindexMode.Incremental ? "incremental" : "full";
}
