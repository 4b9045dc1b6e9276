using AiPlatform.Core.Access;
using AiPlatform.Storage.Jobs;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Indexer.Jobs;

/// <summary>
/// Tells the database, as long as it lives, that somebody works on a job and how far that is, and stops the job when it should be: because somebody asked, or because
/// it is another's now. An owner that cannot tell for as long as a lease must reckon with the latter.
/// </summary>
internal sealed class Heartbeat : IAsyncDisposable
{
    /// <summary>How often it tells.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How long an owner may be silent before its job is another's.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private readonly IReindexJobStore _jobs;
    private readonly AccessScope _system;
    private readonly LocalJob _job;
    private readonly string _owner;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _beating;

    private Heartbeat(IReindexJobStore jobs, AccessScope system, LocalJob job, string owner, TimeProvider time, ILogger logger)
    {
        _jobs = jobs;
        _system = system;
        _job = job;
        _owner = owner;
        _time = time;
        _logger = logger;
        _beating = Task.Run(BeatAsync);
    }

    /// <summary>Begins at once.</summary>
    public static Heartbeat Start(IReindexJobStore jobs, AccessScope system, LocalJob job, string owner, TimeProvider time, ILogger logger) => new(jobs, system, job, owner, time, logger);

    /// <summary>Ends it; the last telling is done by then.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _beating.ConfigureAwait(false);
        _end.Dispose();
    }

    private async Task BeatAsync()
    {
        var heard = _time.GetTimestamp();
        while (!_job.IsLost)
        {
            await Task.Delay(Interval, _time, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_end.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await TellAsync().ConfigureAwait(false);
                heard = _time.GetTimestamp();
            }
            catch (Exception failure)
            {
                // The boundary of a background task: a database that is away for a moment must not end the job.
                Log.BeatFailed(_logger, failure, _job.Id);
                if (_time.GetElapsedTime(heard) > Lease)
                {
                    await _job.LoseAsync().ConfigureAwait(false);
                }
            }
        }
    }

    private async ValueTask TellAsync()
    {
        var job = await _jobs.BeatAsync(_system, _job.Id, _owner, StoredJob.Progress(_job.Look()), CancellationToken.None).ConfigureAwait(false);
        if (job is null)
        {
            Log.JobLost(_logger, _job.Id);
            await _job.LoseAsync().ConfigureAwait(false);
        }
        else if (job.CancelledBy is { } by && !_job.IsCancelled)
        {
            await _job.CancelAsync(by).ConfigureAwait(false);
        }
    }
}
