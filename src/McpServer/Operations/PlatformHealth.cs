using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Worker;
using AiPlatform.Storage;

namespace AiPlatform.McpServer.Operations;

/// <summary>
/// Looks whether catalogs and database answer and the worker can work, at most once in <see cref="Freshness"/> however often it is asked, and gives up after
/// <see cref="Patience"/>. Thread-safe.
/// </summary>
internal sealed class PlatformHealth(
    ICatalogIndex index, IEnumerable<IStorageProbe> storage, WorkerCondition worker, AccessScope.Issuer issuer, TimeProvider time, ILogger<PlatformHealth> logger)
{
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Lock _looking = new();
    private Task<HealthReport>? _last;
    private long _lookedAt;
    private AccessScope? _system;

    public Task<HealthReport> LookAsync()
    {
        lock (_looking)
        {
            // A look that is still under way is everybody's: health checks must not pile up on a store that hangs.
            if (_last is null || (_last.IsCompleted && time.GetElapsedTime(_lookedAt) >= Freshness))
            {
                _lookedAt = time.GetTimestamp();
                _last = Task.Run(ReadAsync);
            }

            return _last;
        }
    }

    private async Task<HealthReport> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience, time);
        var stored = await AnswersAsync("storage", async () =>
        {
            foreach (var probe in storage)
            {
                await probe.ProbeAsync(patience.Token).WaitAsync(patience.Token);
            }
        });
        var catalogs = await AnswersAsync("catalogs", async () =>
        {
            // Issued once, because every issue is a row of the audit.
            _system ??= issuer.IssueSystem("health", "see whether the catalogs answer, for the health endpoint");
            await index.ListCatalogsAsync(_system, patience.Token).AsTask().WaitAsync(patience.Token);
        });
        return new HealthReport(catalogs, stored, worker.IsAble);
    }

    private async Task<bool> AnswersAsync(string part, Func<Task> look)
    {
        try
        {
            await look();
            return true;
        }
        catch (Exception failure)
        {
            // The boundary of a look: whatever goes wrong is what it is there to find out.
            Log.PartDown(logger, part, failure.Message);
            return false;
        }
    }
}
