using System.Text.Encodings.Web;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.Indexer.Console;

/// <summary>Results for programs: one line of JSON, camelCase, durations in seconds.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(ReindexReport report) => JsonSerializer.Serialize(
        new
        {
            report.Catalog,
            Mode = report.Mode == ReindexMode.Full ? "full" : "incremental",
            report.DryRun,
            report.Unchanged,
            report.Read,
            report.Accepted,
            report.Rejected,
            report.Duplicates,
            report.Stale,
            report.Added,
            report.Updated,
            report.Kept,
            report.Deleted,
            report.Embedded,
            report.ReusedVectors,
            report.ReusedModel,
            report.Put,
            report.Resumed,
            report.Recovered,
            report.CaughtUp,
            report.Waiting,
            report.Differences,
            report.Gates,
            report.EmbeddingUsage,
            Seconds = Math.Round(report.Duration.TotalSeconds, 3),
            report.Generation,
            report.DeadLetterPath,
            report.Rejections,
        },
        Web);

    public static string Write(IReadOnlyList<GenerationInfo> generations) => JsonSerializer.Serialize(new { Generations = generations }, Web);

    public static string Write(string catalog, IReadOnlyList<string> problems) =>
        JsonSerializer.Serialize(new { Catalog = catalog, Sound = problems.Count == 0, Problems = problems }, Web);
}
