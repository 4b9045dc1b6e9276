using System.Collections.Concurrent;
using AiPlatform.Storage.Sql;
using Dapper;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Storage.Keys;

/// <summary>
/// Notes when keys were last used, to the minute, outside of authentication: uses collect in memory and are written together every
/// <see cref="Interval"/>. Bounded by <see cref="Capacity"/> keys; beyond it a use waits for the next authentication of its key.
/// </summary>
internal sealed class LastUses : IDisposable
{
    public const int Capacity = 10_000;

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, long> _pending = new(StringComparer.Ordinal);
    private readonly SqlDatabase _database;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _writing = new();

    public LastUses(SqlDatabase database, TimeProvider time, ILogger logger)
    {
        _database = database;
        _logger = logger;
        _timer = time.CreateTimer(_ => Flush(), null, Interval, Interval);
    }

    /// <summary>Notes a use, at most once a minute a key.</summary>
    public void Note(string id, long? storedMilliseconds, DateTimeOffset now)
    {
        var minute = now.ToUnixTimeMilliseconds() / 60_000 * 60_000;
        if ((storedMilliseconds is not { } stored || stored < minute) && (_pending.Count < Capacity || _pending.ContainsKey(id)))
        {
            _pending[id] = minute;
        }
    }

    /// <summary>Writes what is pending. A failure is logged and kept for the next time; it never reaches a caller.</summary>
    public void Flush()
    {
        if (_pending.IsEmpty)
        {
            return;
        }

        lock (_writing)
        {
            var batch = _pending.ToArray();
            try
            {
                using var connection = _database.Open();
                using var transaction = connection.BeginTransaction();
                connection.Execute(
                    "UPDATE api_keys SET last_used_at = @Value WHERE id = @Key AND (last_used_at IS NULL OR last_used_at < @Value)",
                    batch.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new { p.Key, p.Value }),
                    transaction);
                transaction.Commit();
            }
            catch (Exception failure)
            {
                // The boundary of a background timer: a database that is down must not end the process.
                Log.LastUseFailed(_logger, failure, batch.Length);
                return;
            }

            foreach (var written in batch)
            {
                _pending.TryRemove(written);
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Flush();
    }
}
