namespace AiPlatform.Storage.Jobs;

/// <summary>A row of <c>reindex_jobs</c>. A class with init properties, because the mapper cannot bind positional records in both databases.</summary>
internal sealed class ReindexJobRow
{
    public const string Columns =
        "id AS Id, catalog AS Catalog, options AS Options, requested_by AS RequestedBy, requested_at AS RequestedAt, state AS State, attempts AS Attempts, started_at AS StartedAt, "
        + "ended_at AS EndedAt, cancelled_by AS CancelledBy, owner AS Owner, heartbeat_at AS HeartbeatAt, progress AS Progress, outcome AS Outcome";

    public string Id { get; init; } = "";

    public string Catalog { get; init; } = "";

    public string Options { get; init; } = "{}";

    public string RequestedBy { get; init; } = "";

    public long RequestedAt { get; init; }

    public string State { get; init; } = "";

    public long Attempts { get; init; }

    public long? StartedAt { get; init; }

    public long? EndedAt { get; init; }

    public string? CancelledBy { get; init; }

    public string? Owner { get; init; }

    public long? HeartbeatAt { get; init; }

    public string? Progress { get; init; }

    public string? Outcome { get; init; }

    public ReindexJobRecord ToRecord() => new()
    {
        Id = Id,
        Catalog = Catalog,
        Options = Options,
        RequestedBy = RequestedBy,
        RequestedAt = DateTimeOffset.FromUnixTimeMilliseconds(RequestedAt),
        State = State,
        Attempts = (int)Attempts,
        StartedAt = At(StartedAt),
        EndedAt = At(EndedAt),
        CancelledBy = CancelledBy,
        Owner = Owner,
        HeartbeatAt = At(HeartbeatAt),
        Progress = Progress,
        Outcome = Outcome,
    };

    private static DateTimeOffset? At(long? milliseconds) => milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}
