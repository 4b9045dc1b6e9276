using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Sources;
using AiPlatform.Storage;
using AiPlatform.Storage.Jobs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Worker;

/// <summary>
/// Does jobs as long as its process lives: fires schedules and orders, and frees jobs whose worker is gone. Several on PostgreSQL share the work; on SQLite one
/// process of a data folder works and the others stand by. A stop puts the running jobs down, to be gone on with.
/// </summary>
internal sealed class ReindexWorker(
    ReindexRunner runner,
    IReindexJobStore jobs,
    LocalJobs local,
    ConfiguredCatalogs catalogs,
    StateDatabase database,
    WorkerCondition condition,
    IOptions<WorkerOptions> options,
    IOptions<ReindexJobsOptions> bounds,
    TimeProvider time,
    ILoggerFactory loggers) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _logger = loggers.CreateLogger<ReindexWorker>();
    private Task _working = Task.CompletedTask;

    /// <summary>Warns of configured files that are not there: they may come before the first job.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var source in options.Value.Enabled ? catalogs.All : [])
        {
            foreach (var path in new[] { source.SourcePath, source.MappingPath }.Where(p => SourceLocation.Parse(p).Path is { } local && !Path.Exists(local)))
            {
                Log.SourceMissing(_logger, source.Catalog, path);
            }
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Enabled)
        {
            _working = Task.Run(WorkAsync, CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before requests are given up, so that a call that waits for a job is told that it was put down.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await _working.WaitAsync(WorkerTimes.StopPatience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            Log.WorkerStoppedLate(_logger, runner.Owner);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stop.Dispose();

    private async Task WorkAsync()
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var place = await TakePlaceAsync(stop).ConfigureAwait(false);
                var timetable = await ReindexTimetable.OpenAsync(database, runner, bounds.Value.MaxRunning, time, loggers, stop).ConfigureAwait(false);
                await using (timetable.ConfigureAwait(false))
                {
                    await ServeAsync(timetable, stop).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
            catch (Exception failure)
            {
                // The boundary of a background task: a database that is away must not end the process. What a person has to put right is told at every try.
                condition.Tell(able: false);
                Log.WorkerBroke(_logger, failure, runner.Owner);
                await Task.Delay(WorkerTimes.Retry, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        Log.WorkerStopped(_logger, runner.Owner);
    }

    /// <summary>Waits for the place; there is one for everybody on a shared database.</summary>
    private async ValueTask<IDisposable?> TakePlaceAsync(CancellationToken stop)
    {
        if (database.IsShared)
        {
            return null;
        }

        DataFolder.Create(bounds.Value.DataDirectory);
        for (var told = false; ; told = true)
        {
            if (WorkerPlace.TryTake(bounds.Value.DataDirectory) is { } place)
            {
                return place;
            }

            if (!told)
            {
                condition.Tell(able: true);
                Log.WorkerStandsBy(_logger, runner.Owner);
            }

            await Task.Delay(WorkerTimes.Retry, time, stop).ConfigureAwait(false);
        }
    }

    private async Task ServeAsync(ReindexTimetable timetable, CancellationToken stop)
    {
        await timetable.SetAsync(catalogs.All, stop).ConfigureAwait(false);
        await timetable.StartAsync(stop).ConfigureAwait(false);
        Log.WorkerStarted(_logger, runner.Owner, catalogs.All.Count(), catalogs.All.Count(c => c.Schedule is not null));
        DateTimeOffset? swept = null;
        while (!stop.IsCancellationRequested)
        {
            var change = local.Bell.Next;
            if (swept is null || time.GetUtcNow() - swept >= WorkerTimes.Sweep)
            {
                swept = time.GetUtcNow();
                await SweepAsync(stop).ConfigureAwait(false);
            }

            foreach (var job in await jobs.WaitingAsync(runner.System, stop).ConfigureAwait(false))
            {
                // Asked again every time: a trigger that was lost with its worker is made anew.
                await timetable.AskAsync(job, stop).ConfigureAwait(false);
            }

            condition.Tell(able: true);
            await change.WaitAsync(WorkerTimes.Look, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask SweepAsync(CancellationToken stop)
    {
        if (await jobs.ReleaseAbandonedAsync(runner.System, Heartbeat.Lease, stop).ConfigureAwait(false) is > 0 and var freed)
        {
            Log.JobsFreed(_logger, freed);
        }
    }
}
