using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.Indexer.Console;

/// <summary>Jobs for people and, as JSON in camelCase, for programs.</summary>
internal static class JobText
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Json(ImmutableArray<ReindexJobInfo> jobs) => JsonSerializer.Serialize(new { Jobs = jobs }, Web);

    public static string Json(ImmutableArray<(string Catalog, string Cron, string TimeZone, MisfirePolicy Misfire, DateTimeOffset? Next)> schedules) =>
        JsonSerializer.Serialize(new { Schedules = schedules.Select(s => new { s.Catalog, s.Cron, s.TimeZone, s.Misfire, s.Next }) }, Web);

    public static string Write(ReindexJobInfo job, bool json) => json ? JsonSerializer.Serialize(job, Web) : Text(job);

    /// <summary>A job in one line.</summary>
    public static string Line(ReindexJobInfo job)
    {
        var culture = CultureInfo.InvariantCulture;
        var took = job is { StartedAt: { } from, EndedAt: { } to } ? string.Create(culture, $"{(to - from).TotalSeconds:0.0} s") : job.HasEnded ? "" : string.Create(culture, $"{job.Percent:0.#}%");
        var what = job.Counts is { } c ? string.Create(culture, $"+{c.Added} ~{c.Updated} -{c.Deleted} ={c.Kept}") : job.Fault?.Code ?? "";
        return string.Create(culture, $"{job.Id}  {job.RequestedAt.UtcDateTime:u}  {job.Catalog}  {(job.DryRun ? "dry run " : "")}{(job.Mode == ReindexMode.Incremental ? "changes " : "")}{StoredJob.State(job.State)}  {took}  {what}  by {job.RequestedBy}").TrimEnd();
    }

    private static string Text(ReindexJobInfo job)
    {
        var culture = CultureInfo.InvariantCulture;
        var text = new StringBuilder(Line(job));
        text.AppendLine().Append(culture, $"  {job.Activity}; {job.Read} rows read, {job.Rejected} rejected");
        text.AppendLine().Append(culture, $"  attempts {job.Attempts}{(job.Worker is { } worker ? ", worker " + worker : "")}{(job.CancelledBy is { } by ? ", cancelled by " + by : "")}");
        if (job.Counts is { } counts)
        {
            text.AppendLine().Append(culture, $"  {counts.Put} products written{(counts.Resumed > 0 ? string.Create(culture, $", behind {counts.Resumed} changes of an attempt before") : "")}");
        }

        if (job.Generation is { } live)
        {
            text.AppendLine().Append(culture, $"  generation {live} is live");
        }

        if (job.Fault is { } fault)
        {
            text.AppendLine().Append(culture, $"  {fault.Code}: {fault.Message}");
        }

        foreach (var rejection in job.Rejections)
        {
            text.AppendLine().Append(culture, $"  {rejection.Count} x {rejection.Field}: {rejection.Code}, first in line {rejection.FirstLine}");
        }

        return job.DeadLetterFile is { } file ? text.AppendLine().Append(culture, $"  rejected rows are in dead-letters/{file}").ToString() : text.ToString();
    }
}
