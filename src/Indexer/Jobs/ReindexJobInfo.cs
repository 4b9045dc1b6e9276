using System.Collections.Immutable;
using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.Indexer.Jobs;

/// <summary>A job at one moment. Holds nothing of the products and no path of the machine. Immutable.</summary>
public sealed record ReindexJobInfo
{
    /// <summary>Its id: 128 random bits, so that it cannot be guessed.</summary>
    public required string Id { get; init; }

    /// <summary>The catalog.</summary>
    public required string Catalog { get; init; }

    /// <summary>Where it is.</summary>
    public required ReindexJobState State { get; init; }

    /// <summary>Whether nothing is written.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Whether everything is trained and embedded anew.</summary>
    public required bool Force { get; init; }

    /// <summary>What the rows of the source stand for.</summary>
    public ReindexMode Mode { get; init; }

    /// <summary>Gates that are opened although they refuse, and why.</summary>
    public ImmutableSortedDictionary<string, string> Overrides { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Subject of the caller that asked for it; <see cref="ReindexJobs.Schedule"/> for one of its catalog's schedule.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it began to run; null when it has not.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null while it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Who asked it to stop; null when nobody did. A job that was past its swap succeeds all the same.</summary>
    public string? CancelledBy { get; init; }

    /// <summary>How often a worker began it or took it over from one that ended; 0 while it waits for the first.</summary>
    public int Attempts { get; init; }

    /// <summary>The worker that has it or had it last; null before the first. For operators: it may name a machine.</summary>
    public string? Worker { get; init; }

    /// <summary>The stage it is or was last in; null before the first.</summary>
    public ReindexStage? Stage { get; init; }

    /// <summary>What it does, in words, with rate and remaining time of the stage.</summary>
    public required string Activity { get; init; }

    /// <summary>How much of the work is done, 0 to 100, over all stages; never falls, and is 100 only when it succeeded.</summary>
    public double Percent { get; init; }

    /// <summary>Rows or products a second in this stage; null when not known.</summary>
    public double? PerSecond { get; init; }

    /// <summary>What is left of this stage; null when not known.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>Rows read so far.</summary>
    public long Read { get; init; }

    /// <summary>Rows rejected so far.</summary>
    public long Rejected { get; init; }

    /// <summary>What it did; null unless it succeeded.</summary>
    public ReindexCounts? Counts { get; init; }

    /// <summary>Why rows were rejected or replaced, most frequent first, at most 50 kinds; known when it has ended.</summary>
    public ImmutableArray<RejectionCount> Rejections { get; init; } = [];

    /// <summary>Name, without folder, of the file that holds the rejected rows; null when there is none.</summary>
    public string? DeadLetterFile { get; init; }

    /// <summary>Number of the generation it made live; null when it made none.</summary>
    public long? Generation { get; init; }

    /// <summary>Whether it succeeded without a swap, because the source holds what is live already; the generations stay.</summary>
    public bool Unchanged { get; init; }

    /// <summary>What the gates before the swap measured, in order; of a job that one of them refused, that one. Known when it has ended.</summary>
    public ImmutableArray<ReindexGateInfo> Gates { get; init; } = [];

    /// <summary>Why it was refused or failed; null otherwise.</summary>
    public ReindexFault? Fault { get; init; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => State > ReindexJobState.Running;

    /// <summary>The value of <see cref="Percent"/> when a stage begins.</summary>
    public static double PercentAt(ReindexStage stage) => ProgressShare.Begin(stage);
}
