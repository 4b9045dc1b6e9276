using System.Globalization;
using System.Text;
using System.Text.Json;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.McpServer.Mcp.Tools.Reindexing;

/// <summary>A job as tools answer it: states, counts and codes, never a text of a product or a path of the machine.</summary>
internal static class ReindexView
{
    public const string Schema = """
        {"type": "object", "additionalProperties": false, "required": ["id", "catalog", "state", "dry_run", "force", "mode", "requested_by", "requested_at", "attempts", "percent", "activity", "rows_read", "rows_rejected"], "properties": {
          "id": {"type": "string"},
          "catalog": {"type": "string"},
          "state": {"type": "string", "enum": ["queued", "running", "succeeded", "refused", "failed", "cancelled"], "description": "queued: waits for a worker, or, with attempts, was interrupted and waits to be gone on with. refused: a gate kept the new generation from going live. In every state but succeeded the live generation is as it was."},
          "dry_run": {"type": "boolean"},
          "force": {"type": "boolean"},
          "mode": {"type": "string", "enum": ["full", "incremental"]},
          "overrides": {"type": "array", "description": "Gates that were to be opened although they refuse.", "items": {"type": "object", "additionalProperties": false, "required": ["gate", "reason"], "properties": {"gate": {"type": "string"}, "reason": {"type": "string"}}}},
          "requested_by": {"type": "string"},
          "requested_at": {"type": "string", "format": "date-time"},
          "started_at": {"type": "string", "format": "date-time"},
          "ended_at": {"type": "string", "format": "date-time"},
          "attempts": {"type": "integer", "description": "How often a worker began it or took it over from one that ended."},
          "cancelled_by": {"type": "string", "description": "Who asked it to stop."},
          "stage": {"type": "string", "enum": ["reading", "preparing_model", "indexing", "swapping"], "description": "The stage it is in, or was last in."},
          "percent": {"type": "number", "description": "Over all stages."},
          "activity": {"type": "string"},
          "per_second": {"type": "integer", "description": "Rows or products a second in this stage."},
          "seconds_left": {"type": "integer", "description": "Of this stage."},
          "rows_read": {"type": "integer"},
          "rows_rejected": {"type": "integer"},
          "products": {"type": "object", "additionalProperties": false, "description": "What it did or, in a dry run, would do.", "required": ["accepted", "added", "updated", "kept", "deleted", "embedded"], "properties": {
            "accepted": {"type": "integer"}, "added": {"type": "integer"}, "updated": {"type": "integer"}, "kept": {"type": "integer"}, "deleted": {"type": "integer"}, "embedded": {"type": "integer"},
            "stale": {"type": "integer", "description": "Changes left out because what is known is newer."}, "waiting": {"type": "integer", "description": "Changes that the build that was running applies."},
            "written": {"type": "integer", "description": "Products that the last attempt wrote itself."}, "resumed": {"type": "integer", "description": "Changes that an attempt before had written, and the last one went on from."}}},
          "gates": {"type": "array", "description": "What the gates before the swap measured; of a refused job, the one that refused.", "items": {"type": "object", "additionalProperties": false, "required": ["gate", "passed", "measured", "threshold"], "properties": {
            "gate": {"type": "string"}, "passed": {"type": "boolean"}, "measured": {"type": "number"}, "threshold": {"type": "number"}, "skipped": {"type": "boolean", "description": "It had nothing to measure."}, "overridden": {"type": "boolean", "description": "It refused and was opened all the same."}}}},
          "rejections": {"type": "array", "description": "Why rows were rejected or replaced, most frequent first.", "items": {"type": "object", "additionalProperties": false, "required": ["field", "code", "count", "first_line"], "properties": {
            "field": {"type": "string"}, "code": {"type": "string"}, "count": {"type": "integer"}, "first_line": {"type": "integer"}}}},
          "rejections_omitted": {"type": "integer", "description": "Kinds of rejection left out for want of room."},
          "dead_letter_file": {"type": "string", "description": "Name of the server's file that holds the rejected rows."},
          "generation": {"type": "integer", "description": "The generation it made live."},
          "unchanged": {"type": "boolean", "description": "The source holds what is live already: no generation was made, those kept stay."},
          "error": {"type": "object", "additionalProperties": false, "description": "Why it was refused or failed.", "required": ["code", "message"], "properties": {"code": {"type": "string"}, "message": {"type": "string"}}}}}
        """;

    private const int MaxTextRejections = 5;
    private const int MaxSubject = 200;
    private const int MaxReason = 200;

    public static string Name(ReindexJobState state) => state switch
    {
        ReindexJobState.Queued => "queued",
        ReindexJobState.Running => "running",
        ReindexJobState.Succeeded => "succeeded",
        ReindexJobState.Refused => "refused",
        ReindexJobState.Failed => "failed",
        _ => "cancelled",
    };

    public static string Name(ReindexStage stage) => stage switch
    {
        ReindexStage.Reading => "reading",
        ReindexStage.PreparingModel => "preparing_model",
        ReindexStage.Indexing => "indexing",
        _ => "swapping",
    };

    public static void Write(Utf8JsonWriter json, StringBuilder text, ReindexJobInfo job, int rejectionsOmitted = 0)
    {
        json.WriteStartObject();
        json.WriteString("id", job.Id);
        json.WriteString("catalog", job.Catalog);
        json.WriteString("state", Name(job.State));
        json.WriteBoolean("dry_run", job.DryRun);
        json.WriteBoolean("force", job.Force);
        json.WriteString("mode", ReindexArguments.Name(job.Mode));
        WriteOverrides(json, job);
        json.WriteString("requested_by", Subject(job.RequestedBy));
        WriteTimes(json, job);
        json.WriteNumber("attempts", job.Attempts);
        Optional(json, "cancelled_by", job.CancelledBy is { } by ? Subject(by) : null);
        Optional(json, "stage", job.Stage is { } stage ? Name(stage) : null);
        json.WriteNumber("percent", job.Percent);
        json.WriteString("activity", job.Activity);
        Optional(json, "per_second", (long?)job.PerSecond);
        Optional(json, "seconds_left", (long?)job.Left?.TotalSeconds);
        json.WriteNumber("rows_read", job.Read);
        json.WriteNumber("rows_rejected", job.Rejected);
        WriteProducts(json, job.Counts);
        WriteGates(json, job);
        WriteRejections(json, job);
        Optional(json, "rejections_omitted", rejectionsOmitted > 0 ? rejectionsOmitted : null);
        Optional(json, "dead_letter_file", job.DeadLetterFile);
        Optional(json, "generation", job.Generation);
        if (job.State == ReindexJobState.Succeeded)
        {
            json.WriteBoolean("unchanged", job.Unchanged);
        }

        if (job.Fault is { } fault)
        {
            json.WriteStartObject("error");
            json.WriteString("code", fault.Code);
            json.WriteString("message", fault.Message);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        Append(text, job);
    }

    private static void WriteTimes(Utf8JsonWriter json, ReindexJobInfo job)
    {
        json.WriteString("requested_at", job.RequestedAt.UtcDateTime);
        if (job.StartedAt is { } started)
        {
            json.WriteString("started_at", started.UtcDateTime);
        }

        if (job.EndedAt is { } ended)
        {
            json.WriteString("ended_at", ended.UtcDateTime);
        }
    }

    private static void WriteProducts(Utf8JsonWriter json, ReindexCounts? counts)
    {
        if (counts is null)
        {
            return;
        }

        json.WriteStartObject("products");
        json.WriteNumber("accepted", counts.Accepted);
        json.WriteNumber("added", counts.Added);
        json.WriteNumber("updated", counts.Updated);
        json.WriteNumber("kept", counts.Kept);
        json.WriteNumber("deleted", counts.Deleted);
        json.WriteNumber("embedded", counts.Embedded);
        Optional(json, "stale", counts.Stale > 0 ? counts.Stale : null);
        Optional(json, "waiting", counts.Waiting > 0 ? counts.Waiting : null);
        Optional(json, "written", counts.Put > 0 ? counts.Put : null);
        Optional(json, "resumed", counts.Resumed > 0 ? counts.Resumed : null);
        json.WriteEndObject();
    }

    private static void WriteOverrides(Utf8JsonWriter json, ReindexJobInfo job)
    {
        if (job.Overrides.IsEmpty)
        {
            return;
        }

        json.WriteStartArray("overrides");
        foreach (var (gate, reason) in job.Overrides)
        {
            json.WriteStartObject();
            json.WriteString("gate", gate);
            json.WriteString("reason", SafeText.Shorten(reason, MaxReason));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteGates(Utf8JsonWriter json, ReindexJobInfo job)
    {
        if (job.Gates.IsEmpty)
        {
            return;
        }

        json.WriteStartArray("gates");
        foreach (var gate in job.Gates)
        {
            json.WriteStartObject();
            json.WriteString("gate", gate.Gate);
            json.WriteBoolean("passed", gate.Passed);
            json.WriteNumber("measured", Finite(gate.Measured));
            json.WriteNumber("threshold", Finite(gate.Threshold));
            if (gate.Skipped)
            {
                json.WriteBoolean("skipped", true);
            }

            if (gate.Overridden)
            {
                json.WriteBoolean("overridden", true);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>JSON has no word for what is no number.</summary>
    private static double Finite(double value) => double.IsFinite(value) ? Math.Round(value, 6) : 0;

    private static void WriteRejections(Utf8JsonWriter json, ReindexJobInfo job)
    {
        if (job.Rejections.IsEmpty)
        {
            return;
        }

        json.WriteStartArray("rejections");
        foreach (var rejection in job.Rejections)
        {
            json.WriteStartObject();
            json.WriteString("field", rejection.Field);
            json.WriteString("code", rejection.Code);
            json.WriteNumber("count", rejection.Count);
            json.WriteNumber("first_line", rejection.FirstLine);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Append(StringBuilder text, ReindexJobInfo job)
    {
        var culture = CultureInfo.InvariantCulture;
        text.Append(culture, $"{job.Id}: {(job.DryRun ? "dry run" : "reindex")} of {job.Catalog}, {Name(job.State)}");
        text.Append(culture, $"{(job.HasEnded ? "" : $", {job.Percent:0.##}%, {job.Activity}")}; asked for by {Subject(job.RequestedBy)} at {job.RequestedAt.UtcDateTime:u}\n");
        if (job.Attempts > 1)
        {
            text.Append(culture, $"  begun {job.Attempts} times{(job.Counts is { Resumed: > 0 and var resumed } ? $"; the last went on behind {resumed} changes" : "")}\n");
        }

        if (job.Counts is { } counts)
        {
            text.Append(culture, $"  {job.Read} rows read, {job.Rejected} rejected; {counts.Added} products added, {counts.Updated} updated, {counts.Kept} kept, {counts.Deleted} deleted");
            text.Append(job.Generation is { } live ? string.Create(culture, $"; generation {live} is live\n") : job.Unchanged ? "; nothing changed, the live generation stays\n" : "; nothing was written\n");
        }

        foreach (var gate in job.Gates.Where(g => !g.Passed && !g.Skipped))
        {
            text.Append(culture, $"  gate {gate.Gate}: {Finite(gate.Measured):0.####} measured, {Finite(gate.Threshold):0.####} allowed{(gate.Overridden ? ", opened all the same" : "")}\n");
        }

        if (job.Fault is { } fault)
        {
            text.Append(culture, $"  {fault.Code}: {fault.Message}\n");
        }

        foreach (var rejection in job.Rejections.Take(MaxTextRejections))
        {
            text.Append(culture, $"  {rejection.Count} x {rejection.Field}: {rejection.Code}, first in line {rejection.FirstLine}\n");
        }

        if (job.DeadLetterFile is { } file)
        {
            text.Append(culture, $"  rejected rows are in the server's file {file}\n");
        }
    }

    /// <summary>A subject may come from a token, and is then somebody else's text.</summary>
    private static string Subject(string subject) => SafeText.Shorten(subject, MaxSubject);

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Optional(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
