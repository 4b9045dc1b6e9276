using System.Text.Json;
using System.Text.Json.Serialization;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Storage.Jobs;

namespace AiPlatform.Indexer.Jobs;

/// <summary>How a job is written into the database and read from it.</summary>
internal static class StoredJob
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) } };

    public static string Options(ReindexOrder order) => JsonSerializer.Serialize(order with { IdempotencyKey = null }, Web);

    /// <summary>
    /// The order of a job. A full run that is under way serves an equal order: what came too late for it comes with the next. Changes do not come again, so an order of them is served by none that runs.
    /// </summary>
    public static ReindexJobOrder Order(ReindexOrder order, string requestedBy, ReindexJobsOptions? bounds = null)
    {
        var job = new ReindexJobOrder(JobIds.New(), order.Catalog, Options(order), requestedBy, order.IdempotencyKey) { JoinsRunning = order.DryRun || order.Mode == ReindexMode.Full };
        return bounds is null ? job : job with { MaxRunning = bounds.MaxRunning, MaxWaiting = bounds.MaxQueued };
    }

    public static ReindexOrder Order(ReindexJobRecord record) => JsonSerializer.Deserialize<ReindexOrder>(record.Options, Web)! with { Catalog = record.Catalog };

    public static string Progress(ReindexJobInfo job) => JsonSerializer.Serialize(new Note(job.Stage, job.Activity, job.Percent, job.PerSecond, job.Left?.TotalSeconds, job.Read, job.Rejected), Web);

    public static string Outcome(ReindexOutcome outcome) => JsonSerializer.Serialize(outcome, Web);

    public static string State(ReindexJobState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    public static ReindexJobInfo Read(ReindexJobRecord record)
    {
        var order = Order(record);
        var state = Enum.TryParse<ReindexJobState>(record.State, ignoreCase: true, out var known) ? known : ReindexJobState.Failed;
        var outcome = record.Outcome is { } json ? JsonSerializer.Deserialize<ReindexOutcome>(json, Web) : null;
        var fault = outcome?.Fault ?? (state == ReindexJobState.Failed ? ReindexOutcome.Interrupted.Fault : null);
        var note = record.Progress is { } progress ? JsonSerializer.Deserialize<Note>(progress, Web) : null;
        var runs = state == ReindexJobState.Running;
        return new ReindexJobInfo
        {
            Id = record.Id,
            Catalog = record.Catalog,
            State = state,
            DryRun = order.DryRun,
            Force = order.Force,
            Mode = order.Mode,
            Overrides = order.Overrides,
            RequestedBy = record.RequestedBy,
            RequestedAt = record.RequestedAt,
            StartedAt = record.StartedAt,
            EndedAt = record.EndedAt,
            CancelledBy = record.CancelledBy,
            Attempts = record.Attempts,
            Worker = record.Owner,
            Stage = note?.Stage,
            Activity = Activity(state, record, runs ? note : null, fault),
            Percent = state == ReindexJobState.Succeeded ? ProgressShare.Whole : note?.Percent ?? 0,
            PerSecond = runs ? note?.PerSecond : null,
            Left = runs && note?.SecondsLeft is { } left ? TimeSpan.FromSeconds(left) : null,
            Read = note?.Read ?? 0,
            Rejected = note?.Rejected ?? 0,
            Counts = outcome?.Counts,
            Rejections = outcome?.Rejections ?? [],
            DeadLetterFile = outcome?.DeadLetterFile,
            Generation = outcome?.Generation,
            Unchanged = outcome?.Unchanged ?? false,
            Gates = outcome?.Gates is { IsDefault: false } gates ? gates : [],
            Fault = fault,
        };
    }

    private static string Activity(ReindexJobState state, ReindexJobRecord record, Note? note, ReindexFault? fault) => state switch
    {
        ReindexJobState.Queued when record.Attempts > 0 => "interrupted; waits for a worker to go on",
        ReindexJobState.Queued => "waiting for its turn",
        ReindexJobState.Running => note?.Activity ?? "starting",
        ReindexJobState.Succeeded => "done",
        _ => fault?.Message ?? "cancelled",
    };

    /// <summary>How far a job is, as it is stored.</summary>
    private sealed record Note(ReindexStage? Stage, string Activity, double Percent, double? PerSecond, double? SecondsLeft, long Read, long Rejected);
}
