using System.Text.Json;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Gates;

/// <summary>Reads canary queries: JSONL, one object a line with <c>query</c>, <c>top</c> (default 10), <c>mustContain</c> and <c>mustNotContain</c>.</summary>
internal static class CanaryFile
{
    /// <summary>Queries of one file.</summary>
    public const int MaxCanaries = 1_000;

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    /// <exception cref="GateFileException">The file is missing or wrong.</exception>
    public static IReadOnlyList<Canary> Read(string path)
    {
        var canaries = new List<Canary>();
        var line = 0;
        try
        {
            foreach (var text in File.ReadLines(path))
            {
                line++;
                if (!string.IsNullOrWhiteSpace(text))
                {
                    canaries.Add(Read(JsonSerializer.Deserialize<Row>(text, Strict)));
                }
            }
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new GateFileException($"{Path.GetFileName(path)}, line {line}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GateFileException($"The canary file '{Path.GetFileName(path)}' cannot be read: {e.Message}");
        }

        return canaries.Count is > 0 and <= MaxCanaries ? canaries : throw new GateFileException($"{Path.GetFileName(path)} has {canaries.Count} canary queries; 1 to {MaxCanaries} are taken.");
    }

    private static Canary Read(Row? row)
    {
        if (row?.Query is not { Length: > 0 } query || row.Top is < 1 or > CatalogLimits.PageSize || (row.MustContain ?? []).Length + (row.MustNotContain ?? []).Length == 0)
        {
            throw new FormatException($"A canary has a query, top (1 to {CatalogLimits.PageSize}) and at least one id in mustContain or mustNotContain.");
        }

        return new Canary(query, row.Top, [.. row.MustContain ?? []], [.. row.MustNotContain ?? []]);
    }

    private sealed record Row(string? Query, string[]? MustContain, string[]? MustNotContain, int Top = 10);
}
