using System.Collections.Concurrent;
using System.Text;
using AiPlatform.Core.Access;
using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Storage.Sql;

/// <summary>
/// Calls as rows of a table, written behind in batches. With <see cref="QueueCapacity"/> waiting, callers wait for the writer, at most
/// <see cref="Patience"/>; while the database fails they do not wait at all. What finds no room then goes to the log instead, each record by
/// itself: calls go on, and none goes unrecorded. What is queued is written again until it succeeds, or logged at the end.
/// </summary>
internal sealed class SqlCallAudit : ICallAudit, IDisposable
{
    public const int QueueCapacity = 16_384;
    public const int BatchRows = 1_000;
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);
    private const int SweepBatches = 200;
    private const int TextLength = 1000;

    private readonly SqlDatabase _database;
    private readonly TimeSpan _kept;
    private readonly TimeProvider _time;
    private readonly ILogger<SqlCallAudit> _logger;
    private readonly ConcurrentQueue<CallRecord> _queue = new();
    private readonly List<CallRecord> _batch = new(BatchRows);
    private readonly Lock _writing = new();
    private readonly ITimer _timer;
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _nextSweep = DateTimeOffset.MinValue;
    private volatile bool _failing;
    private int _waiting;

    public SqlCallAudit(SqlDatabase database, IOptions<CallAuditOptions> options, TimeProvider time, ILogger<SqlCallAudit> logger)
    {
        _database = database;
        _kept = TimeSpan.FromDays(options.Value.CallDays);
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => FlushUnlessBusy(), null, Interval, Interval);
    }

    public ValueTask RecordAsync(CallRecord call) => TryQueue(call) ? ValueTask.CompletedTask : new ValueTask(WaitAsync(call));

    /// <summary>Writes what waits. A failure is logged; it is tried again the next time.</summary>
    public void Flush()
    {
        lock (_writing)
        {
            WriteWaiting();
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Flush();
        foreach (var call in _batch.Concat(_queue))
        {
            LogInstead(call);
        }
    }

    private bool TryQueue(CallRecord call)
    {
        var waiting = Interlocked.Increment(ref _waiting);
        if (waiting > QueueCapacity)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        _queue.Enqueue(call);
        if (waiting == QueueCapacity / 2)
        {
            // Sooner than the timer would.
            ThreadPool.UnsafeQueueUserWorkItem(static audit => audit.FlushUnlessBusy(), this, preferLocal: false);
        }

        return true;
    }

    private async Task WaitAsync(CallRecord call)
    {
        var begun = _time.GetTimestamp();
        while (true)
        {
            var progress = Volatile.Read(ref _progress).Task;
            if (TryQueue(call))
            {
                return;
            }

            var left = Patience - _time.GetElapsedTime(begun);
            if (_failing || left <= TimeSpan.Zero)
            {
                LogInstead(call);
                return;
            }

            await progress.WaitAsync(left, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void FlushUnlessBusy()
    {
        if (_writing.TryEnter())
        {
            try
            {
                WriteWaiting();
            }
            finally
            {
                _writing.Exit();
            }
        }
    }

    private void WriteWaiting()
    {
        try
        {
            while (FillBatch())
            {
                Write(_batch);
                Interlocked.Add(ref _waiting, -_batch.Count);
                _batch.Clear();
                _failing = false;
                TellProgress();
            }

            Sweep();
        }
        catch (Exception failure)
        {
            // The boundary of a background timer: a database that is down must not end the process.
            _failing = true;
            Log.CallAuditFailed(_logger, failure, Volatile.Read(ref _waiting));
            TellProgress();
        }
    }

    private void TellProgress() =>
        Interlocked.Exchange(ref _progress, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private bool FillBatch()
    {
        while (_batch.Count < BatchRows && _queue.TryDequeue(out var call))
        {
            _batch.Add(call);
        }

        return _batch.Count > 0;
    }

    private void Write(List<CallRecord> calls)
    {
        using var connection = _database.Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute(
            "INSERT INTO call_audit (at, subject, groups, method, name, outcome, milliseconds) VALUES (@At, @Subject, @Groups, @Method, @Name, @Outcome, @Milliseconds)",
            calls.Select(c => new
            {
                At = c.At.ToUnixTimeMilliseconds(), Subject = Clean(c.Subject), Groups = Clean(string.Join(',', c.Groups)), Method = Clean(c.Method), Name = Clean(c.Name), Outcome = Clean(c.Outcome), c.Milliseconds,
            }),
            transaction);
        transaction.Commit();
    }

    /// <summary>Deletes what is older than it may be, in small steps, so that nothing waits for a long transaction.</summary>
    private void Sweep()
    {
        var now = _time.GetUtcNow();
        if (now < _nextSweep)
        {
            return;
        }

        _nextSweep = now + SweepInterval;
        using var connection = _database.Open();
        var before = (now - _kept).ToUnixTimeMilliseconds();
        for (var i = 0; i < SweepBatches; i++)
        {
            var deleted = connection.Execute(
                "DELETE FROM call_audit WHERE entry IN (SELECT entry FROM call_audit WHERE at < @before ORDER BY at LIMIT @BatchRows)", new { before, BatchRows });
            if (deleted < BatchRows)
            {
                return;
            }
        }
    }

    private void LogInstead(CallRecord call) =>
        Log.CallNotStored(_logger, call.At, Clean(call.Subject), call.Method, call.Name, call.Outcome, call.Milliseconds);

    /// <summary>Text that every database takes: no row may be one that fails forever.</summary>
    private static string Clean(string text)
    {
        var cut = text.Length <= TextLength ? text : text[..TextLength];
        return cut.Any(c => char.IsControl(c) || char.IsSurrogate(c))
            ? string.Concat(cut.EnumerateRunes().Select(r => (Rune.IsControl(r) ? Rune.ReplacementChar : r).ToString()))
            : cut;
    }
}
