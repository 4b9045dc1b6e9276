using System.Data.Common;
using AiPlatform.Core.Access;
using Dapper;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Storage.Sql;

/// <summary>
/// The audit as an append-only table. The use of exceptional access is written before it is granted, and refused when it cannot be written.
/// Refusals, which anybody can cause, are logged and written together every <see cref="Interval"/>; of more than
/// <see cref="QueueCapacity"/> in between, the rest is only counted in the log. A subject gets <see cref="RefusalsPerMinute"/> rows a minute and
/// one that says that there were more.
/// </summary>
internal sealed class SqlAccessAudit : IAccessAudit, IDisposable
{
    public const int QueueCapacity = 4096;
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    public const int RefusalsPerMinute = 10;
    private const int SubjectCapacity = 4 * QueueCapacity;
    private const int TextLength = 1000;

    private readonly SqlDatabase _database;
    private readonly TimeProvider _time;
    private readonly ILogger<SqlAccessAudit> _logger;
    private readonly Lock _queueing = new();
    private readonly Lock _writing = new();
    private readonly ITimer _timer;
    private List<Entry> _refusals = [];
    private readonly Dictionary<string, int> _refusalsOfMinute = new(StringComparer.Ordinal);
    private long _minute;
    private long _dropped;

    public SqlAccessAudit(SqlDatabase database, TimeProvider time, ILogger<SqlAccessAudit> logger)
    {
        _database = database;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => Flush(), null, Interval, Interval);
    }

    public void SystemScopeIssued(string subject, string reason) => Now("system_scope", subject, reason);

    public void ActedAsGroup(string subject, string group) => Now("acted_as_group", subject, group);

    public void Denied(string subject, string resource, string action)
    {
        Log.AccessDenied(_logger, subject, resource, action);
        lock (_queueing)
        {
            var number = NumberInMinute(Short(subject));
            if (number > RefusalsPerMinute + 1)
            {
                return;
            }

            if (_refusals.Count < QueueCapacity)
            {
                var detail = number <= RefusalsPerMinute ? $"{resource}:{action}" : "more refusals in this minute are suppressed here; each is in the log";
                _refusals.Add(At("denied", subject, detail));
            }
            else
            {
                _dropped++;
            }
        }
    }

    /// <summary>Which refusal of the subject in this minute it is, from 1. Subjects beyond <see cref="SubjectCapacity"/> are bounded by the queue alone.</summary>
    private int NumberInMinute(string subject)
    {
        var minute = _time.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (minute != _minute)
        {
            _refusalsOfMinute.Clear();
            _minute = minute;
        }

        var number = _refusalsOfMinute.GetValueOrDefault(subject) + 1;
        if (number > 1 || _refusalsOfMinute.Count < SubjectCapacity)
        {
            _refusalsOfMinute[subject] = Math.Min(number, RefusalsPerMinute + 2);
        }

        return number;
    }

    /// <summary>Writes the waiting refusals. A failure is logged; each refusal is in the log already.</summary>
    public void Flush()
    {
        lock (_writing)
        {
            List<Entry> batch;
            long dropped;
            lock (_queueing)
            {
                (batch, _refusals) = (_refusals, []);
                (dropped, _dropped) = (_dropped, 0);
            }

            if (batch.Count == 0)
            {
                return;
            }

            try
            {
                Write(batch);
            }
            catch (Exception failure)
            {
                // The boundary of a background timer: a database that is down must not end the process.
                Log.AuditFailed(_logger, failure);
            }

            if (dropped > 0)
            {
                Log.AuditDropped(_logger, dropped);
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Flush();
    }

    private void Now(string @event, string subject, string detail)
    {
        try
        {
            Write([At(@event, subject, detail)]);
        }
        catch (Exception failure) when (failure is DbException or IOException or TimeoutException or StorageException)
        {
            Log.AuditFailed(_logger, failure);
            throw new AccessRefusedException("audit_unavailable", "This access must be written down, and the audit cannot be written now; try again later.");
        }

        Log.AccessAudited(_logger, subject, @event, detail);
    }

    private void Write(List<Entry> entries)
    {
        using var connection = _database.Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute("INSERT INTO access_audit (at, event, subject, detail) VALUES (@At, @Event, @Subject, @Detail)", entries, transaction);
        transaction.Commit();
    }

    private Entry At(string @event, string subject, string detail) =>
        new(_time.GetUtcNow().ToUnixTimeMilliseconds(), @event, Short(subject), Short(detail));

    private static string Short(string text) => text.Length <= TextLength ? text : text[..TextLength];

    private sealed record Entry(long At, string Event, string Subject, string Detail);
}
