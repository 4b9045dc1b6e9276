namespace AiPlatform.Storage.Jobs;

/// <summary>A job as it is stored. What exactly it is to do, how far it is and what came of it are JSON that only the indexer reads. Immutable.</summary>
public sealed record ReindexJobRecord
{
    /// <summary>The state of a job that waits.</summary>
    public const string Queued = "queued";

    /// <summary>The state of a job that runs.</summary>
    public const string Running = "running";

    /// <summary>The state of a job that was stopped before its end.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The state of a job that ended because something failed.</summary>
    public const string Failed = "failed";

    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The catalog.</summary>
    public required string Catalog { get; init; }

    /// <summary>What exactly is wanted, as JSON.</summary>
    public required string Options { get; init; }

    /// <summary>Who ordered it.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When it was ordered.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary><see cref="Queued"/>, <see cref="Running"/>, or what became of it.</summary>
    public required string State { get; init; }

    /// <summary>How often an owner began or took it over.</summary>
    public int Attempts { get; init; }

    /// <summary>When it first began; null when it has not.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null while it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Who asked it to stop; null when nobody did.</summary>
    public string? CancelledBy { get; init; }

    /// <summary>Who works on it or did last; null before the first.</summary>
    public string? Owner { get; init; }

    /// <summary>When the owner was last heard of; null unless it runs.</summary>
    public DateTimeOffset? HeartbeatAt { get; init; }

    /// <summary>How far it is, as JSON; null before the first note.</summary>
    public string? Progress { get; init; }

    /// <summary>What came of it, as JSON; null while it has not ended.</summary>
    public string? Outcome { get; init; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => State != Queued && State != Running;
}
