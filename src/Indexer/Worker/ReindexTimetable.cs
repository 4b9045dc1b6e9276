using AiPlatform.Indexer.Jobs;
using AiPlatform.Storage;
using AiPlatform.Storage.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quartz;

namespace AiPlatform.Indexer.Worker;

/// <summary>
/// The scheduler of a worker (Quartz, its tables beside the platform's own): fires the schedules of the catalogs and the orders that wait, one of a catalog at a time.
/// On PostgreSQL all workers share it, and what one of them had fired when it died is fired again elsewhere.
/// </summary>
internal sealed class ReindexTimetable : IAsyncDisposable
{
    public const string Name = "reindex";
    public const string JobGroup = "reindex";
    public const string ScheduleGroup = "schedule";
    private const string OrderGroup = "order";

    private static readonly TimeSpan CheckIn = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CheckInPatience = TimeSpan.FromSeconds(5);

    /// <summary>How soon an idle worker sees what another one scheduled.</summary>
    private static readonly TimeSpan SharedIdle = TimeSpan.FromSeconds(2);

    private readonly StandaloneSchedulerFactory _factory;
    private readonly IScheduler _scheduler;
    private readonly TimeProvider _time;

    private ReindexTimetable(StandaloneSchedulerFactory factory, IScheduler scheduler, TimeProvider time)
    {
        _factory = factory;
        _scheduler = scheduler;
        _time = time;
    }

    /// <summary>Opens it; nothing fires before <see cref="StartAsync"/>.</summary>
    /// <param name="database">Where it is kept.</param>
    /// <param name="runner">Does what is fired.</param>
    /// <param name="maxRunning">Jobs at once in this process.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Told what the scheduler tells.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async ValueTask<ReindexTimetable> OpenAsync(StateDatabase database, ReindexRunner runner, int maxRunning, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var factory = QuartzSchedulerBuilder.Create(quartz =>
        {
            quartz.Services.AddSingleton(loggers);
            quartz.UseTimeProvider(time)
                .UseJobFactory(new ReindexJobFactory(runner))
                .UseDefaultThreadPool(maxRunning)
                .ConfigureScheduler(scheduler =>
                {
                    scheduler.InstanceName = Name;
                    scheduler.ShutdownJobInterruption = ShutdownJobInterruption.WhenWaitingForJobs;
                    scheduler.DefaultTimeZone = TimeZoneInfo.Utc;
                    if (database.IsShared)
                    {
                        scheduler.IdleWaitTime = SharedIdle;
                    }
                })
                .UsePersistentStore(store => Keep(store, database));
        }).Build();
        return new ReindexTimetable(factory, await factory.GetScheduler(cancellationToken).ConfigureAwait(false), time);
    }

    /// <summary>Brings the schedules to what the configuration says; what did not change keeps its next time. Catalogs that are not configured lose theirs.</summary>
    public async ValueTask SetAsync(IEnumerable<CatalogSource> sources, CancellationToken cancellationToken)
    {
        var wanted = sources.ToDictionary(s => KeyOf(s.Catalog));
        var there = await _scheduler.QueryJobs(new JobQuery { Group = GroupMatcher<JobKey>.GroupEquals(JobGroup), Take = ConfiguredCatalogs.MaxCatalogs }, cancellationToken).ConfigureAwait(false);
        foreach (var gone in there.Items.Select(j => j.Key).Where(k => !wanted.ContainsKey(k)))
        {
            await _scheduler.DeleteJob(gone, cancellationToken).ConfigureAwait(false);
        }

        foreach (var (key, source) in wanted)
        {
            var job = JobBuilder.Create<ReindexQuartzJob>().WithIdentity(key).StoreDurably().RequestRecovery().Build();
            await _scheduler.AddJob(job, AddJobOptions.Replacing, cancellationToken).ConfigureAwait(false);
            await SetAsync(key, source.Schedule, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Begins to fire.</summary>
    public ValueTask StartAsync(CancellationToken cancellationToken) => _scheduler.Start(cancellationToken);

    /// <summary>Fires an order as soon as there is room, unless that is intended already.</summary>
    /// <returns>False when no worker knows the catalog.</returns>
    public async ValueTask<bool> AskAsync(ReindexJobRecord job, CancellationToken cancellationToken)
    {
        var key = KeyOf(job.Catalog);
        if (!await _scheduler.Exists(key, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        var trigger = TriggerBuilder.Create().WithIdentity(job.Id, OrderGroup).ForJob(key).UsingJobData(ReindexQuartzJob.JobId, job.Id).StartAt(_time.GetUtcNow()).Build();
        await _scheduler.ScheduleTrigger(trigger, TriggerConflict.Keep, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Fires nothing more, asks what runs to put its job down, and waits for that.</summary>
    public async ValueTask DisposeAsync()
    {
        await _scheduler.Shutdown(waitForJobsToComplete: true, CancellationToken.None).ConfigureAwait(false);
        await _factory.DisposeAsync().ConfigureAwait(false);
    }

    private static JobKey KeyOf(string catalog) => new(catalog, JobGroup);

    private static void Keep(IPersistentStoreBuilder store, StateDatabase database)
    {
        store.ConfigureStore(options =>
        {
            options.SchemaProvisioning = SchemaProvisioning.CreateIfMissing;
            options.StoreJobDataAsStrings = true;
            options.RecoverFiringsCancelledByShutdown = true;
        });
        if (database.IsShared)
        {
            store.UsePostgres(source => source.DataSourceFactory = _ => database.Connections);
            store.UseClustering(cluster =>
            {
                cluster.CheckinInterval = CheckIn;
                cluster.CheckinMisfireThreshold = CheckInPatience;
            });
        }
        else
        {
            store.UseSqlite(source => source.DataSourceFactory = _ => database.Connections);
        }
    }

    private async ValueTask SetAsync(JobKey key, CatalogSchedule? schedule, CancellationToken cancellationToken)
    {
        var name = new TriggerKey(key.Name, ScheduleGroup);
        if (schedule is null)
        {
            await _scheduler.UnscheduleJob(name, cancellationToken).ConfigureAwait(false);
            return;
        }

        var misfire = schedule.Misfire == MisfirePolicy.Skip ? CronTriggerMisfireInstruction.DoNothing : CronTriggerMisfireInstruction.FireAndProceed;
        var cron = CronScheduleBuilder.Create(schedule.Expression()).InTimeZone(schedule.TimeZone).WithMisfireInstruction(misfire);
        var trigger = (ICronTrigger)TriggerBuilder.Create().WithIdentity(name).ForJob(key).WithSchedule(cron).Build();
        if (await _scheduler.GetTrigger(name, cancellationToken).ConfigureAwait(false) is ICronTrigger now
            && now.CronExpressionString == trigger.CronExpressionString && now.TimeZone.Id == trigger.TimeZone.Id && now.MisfireInstruction == misfire)
        {
            return;
        }

        await _scheduler.ScheduleTrigger(trigger, TriggerConflict.Replace, cancellationToken).ConfigureAwait(false);
    }
}
