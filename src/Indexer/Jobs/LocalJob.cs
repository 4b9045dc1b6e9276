using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.Indexer.Jobs;

/// <summary>A job that runs in this process: takes its progress, and stops it when somebody wants that or it belongs to another worker now. Thread-safe.</summary>
/// <param name="info">The job as it began.</param>
/// <param name="time">The clock.</param>
#pragma warning disable CA1001 // A source of cancellation without a timer holds nothing to release, and whoever looks at a job cannot know when the last one is done with it.
internal sealed class LocalJob(ReindexJobInfo info, TimeProvider time) : IProgress<ReindexProgress>
#pragma warning restore CA1001
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ProgressPace _pace = new(time);
    private ReindexProgress? _progress;
    private string? _cancelledBy;

    public string Id => info.Id;

    /// <summary>Cancelled when the job is to stop, whatever for.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Whether somebody asked the job to stop.</summary>
    public bool IsCancelled => Volatile.Read(ref _cancelledBy) is not null;

    /// <summary>Whether the job is another worker's now.</summary>
    public bool IsLost { get; private set; }

    /// <summary>The job as it is now.</summary>
    public ReindexJobInfo Look()
    {
        lock (_gate)
        {
            var now = info with { CancelledBy = _cancelledBy };
            return _progress is not { } progress ? now : now with
            {
                Stage = progress.Stage,
                Activity = ProgressWords.Of(progress, _pace),
                Percent = ProgressShare.Of(progress),
                PerSecond = _pace.PerSecond(progress),
                Left = _pace.Left(progress),
                Read = progress.Rows,
                Rejected = progress.Rejected,
            };
        }
    }

    void IProgress<ReindexProgress>.Report(ReindexProgress value)
    {
        lock (_gate)
        {
            _pace.See(value);
            _progress = value;
        }
    }

    public Task CancelAsync(string by)
    {
        Interlocked.CompareExchange(ref _cancelledBy, by, null);

        // Not on this thread: what waits for the token goes on elsewhere.
        return _stop.CancelAsync();
    }

    public Task LoseAsync()
    {
        IsLost = true;
        return _stop.CancelAsync();
    }
}
