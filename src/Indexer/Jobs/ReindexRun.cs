using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.Indexer.Jobs;

/// <summary>A job, to be followed by whoever was given it. Thread-safe.</summary>
#pragma warning disable CA1001 // A source of cancellation without a timer holds nothing to release, and whoever follows a job cannot know when the last one is done with it.
public sealed class ReindexRun : IProgress<ReindexProgress>
#pragma warning restore CA1001
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();
    private readonly TimeProvider _time;
    private readonly ProgressPace _pace;
    private ReindexJobInfo _info;
    private ReindexProgress? _progress;

    internal ReindexRun(string id, CatalogSource source, ReindexOrder order, string requestedBy, TimeProvider time)
    {
        _time = time;
        _pace = new ProgressPace(time);
        Source = source;
        _info = new ReindexJobInfo
        {
            Id = id,
            Catalog = source.Catalog,
            State = ReindexJobState.Queued,
            DryRun = order.DryRun,
            Force = order.Force,
            RequestedBy = requestedBy,
            RequestedAt = time.GetUtcNow(),
            Activity = "waiting for another job to end",
        };
    }

    internal Task Ended => _ended.Task;

    internal CatalogSource Source { get; }

    /// <summary>Whether the call that started the job was the first to ask it to stop.</summary>
    internal bool IsWithdrawn { get; private set; }

    internal CancellationToken Cancelled => _cancellation.Token;

    /// <summary>The job as it is now.</summary>
    public ReindexJobInfo Look()
    {
        lock (_gate)
        {
            return _info.State != ReindexJobState.Running || _progress is not { } progress ? _info : _info with
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

    /// <summary>Waits for the end of the job, whatever comes of it.</summary>
    /// <param name="patience">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Gives up waiting; the job goes on.</param>
    /// <returns>The job as it is then.</returns>
    public async ValueTask<ReindexJobInfo> WaitAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await Task.WhenAny(_ended.Task, Task.Delay(patience, _time, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return Look();
    }

    void IProgress<ReindexProgress>.Report(ReindexProgress value)
    {
        lock (_gate)
        {
            _pace.See(value);
            _progress = value;
        }
    }

    internal void Begin()
    {
        lock (_gate)
        {
            _info = _info with { State = ReindexJobState.Running, StartedAt = _time.GetUtcNow(), Activity = "starting" };
        }
    }

    /// <summary>Asks the job to stop. The first to ask is remembered, and whether it is the call that started the job.</summary>
    internal Task CancelAsync(string by, bool isWithdrawn)
    {
        lock (_gate)
        {
            if (_info.HasEnded || _info.CancelledBy is not null)
            {
                return Task.CompletedTask;
            }

            _info = _info with { CancelledBy = by };
            IsWithdrawn = isWithdrawn;
        }

        // Not under the lock, and not on this thread: what waits for the token goes on elsewhere.
        return _cancellation.CancelAsync();
    }

    internal void End(ReindexOutcome outcome)
    {
        lock (_gate)
        {
            var last = Look();
            _info = last with
            {
                State = outcome.State,
                EndedAt = _time.GetUtcNow(),
                Activity = outcome.State == ReindexJobState.Succeeded ? "done" : outcome.Fault?.Message ?? "cancelled",
                Percent = outcome.State == ReindexJobState.Succeeded ? ProgressShare.Whole : last.Percent,
                PerSecond = null,
                Left = null,
                Counts = outcome.Counts,
                Rejections = outcome.Rejections,
                DeadLetterFile = outcome.DeadLetterFile,
                Generation = outcome.Generation,
                Unchanged = outcome.Unchanged,
                Fault = outcome.Fault,
            };
        }
    }

    /// <summary>Tells everybody who waits; called when the bookkeeping behind the end is done.</summary>
    internal void Announce() => _ended.SetResult();
}
