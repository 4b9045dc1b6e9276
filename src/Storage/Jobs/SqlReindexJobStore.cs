using System.Data.Common;
using AiPlatform.Core.Access;
using AiPlatform.Storage.Sql;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AiPlatform.Storage.Jobs;

/// <summary>Jobs in SQLite or PostgreSQL, by one SQL text. That a catalog has one job that runs is a unique column; who owns a job is decided by one conditional update. Orders are taken one after another on all nodes.</summary>
internal sealed class SqlReindexJobStore(SqlDatabase database, TimeProvider time) : IReindexJobStore
{
    /// <summary>Idempotency keys remembered of one job; an order of a further key is answered, and forgotten.</summary>
    public const int MaxKeys = 64;

    private const int MaxWaitingRead = 1_000;
    private const string Queued = ReindexJobRecord.Queued;
    private const string Running = ReindexJobRecord.Running;
    private const string Cancelled = ReindexJobRecord.Cancelled;

    /// <summary>Work outside the queue.</summary>
    private const string Recorded = "recorded";
    private const string Ordered = "ordered";

    /// <summary>Names the lock of orders in PostgreSQL; any number that nobody else uses.</summary>
    private const long OrderLock = 7_203_114_550_002;

    /// <summary>That nothing of the catalog of the job <c>wanted</c> runs, and nothing of it waits longer.</summary>
    private const string IsNext =
        $"""
        NOT EXISTS (SELECT 1 FROM reindex_jobs other WHERE other.catalog = wanted.catalog AND (other.running_catalog IS NOT NULL
          OR (other.state = '{Queued}' AND (other.requested_at < wanted.requested_at OR (other.requested_at = wanted.requested_at AND other.id < wanted.id)))))
        """;

    public async ValueTask<ReindexJobAnswer> OrderAsync(AccessScope system, ReindexJobOrder order, CancellationToken cancellationToken)
    {
        Demand(system);
        ArgumentNullException.ThrowIfNull(order);
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using var transaction = await BeginAloneAsync(connection, cancellationToken).ConfigureAwait(false);
            var answer = await AnswerAsync(order, transaction, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return answer;
        }
    }

    public async ValueTask<ReindexJobRecord> RecordAsync(AccessScope system, ReindexJobOrder order, string owner, CancellationToken cancellationToken)
    {
        Demand(system);
        var now = Now();
        var row = await OneAsync(
            $"""
            INSERT INTO reindex_jobs (id, catalog, kind, options, requested_by, requested_at, state, attempts, started_at, withdrawn, owner, heartbeat_at)
            VALUES (@Id, @Catalog, '{Recorded}', @Options, @RequestedBy, @now, '{Running}', 1, @now, 0, @owner, @now) RETURNING {ReindexJobRow.Columns}
            """,
            new { order.Id, order.Catalog, order.Options, order.RequestedBy, now, owner },
            cancellationToken).ConfigureAwait(false);
        return row!;
    }

    public ValueTask<ReindexJobRecord?> FindAsync(AccessScope system, string id, CancellationToken cancellationToken)
    {
        Demand(system);
        return OneAsync($"SELECT {ReindexJobRow.Columns} FROM reindex_jobs WHERE id = @id", new { id }, cancellationToken);
    }

    public ValueTask<IReadOnlyList<ReindexJobRecord>> LatestAsync(AccessScope system, string? catalog, int count, CancellationToken cancellationToken)
    {
        Demand(system);
        var where = catalog is null ? "" : "WHERE catalog = @catalog";
        return ManyAsync($"SELECT {ReindexJobRow.Columns} FROM reindex_jobs {where} ORDER BY requested_at DESC, id DESC LIMIT @count", new { catalog, count }, cancellationToken);
    }

    public ValueTask<IReadOnlyList<ReindexJobRecord>> WaitingAsync(AccessScope system, CancellationToken cancellationToken)
    {
        Demand(system);
        return ManyAsync(
            $"SELECT {ReindexJobRow.Columns} FROM reindex_jobs wanted WHERE state = '{Queued}' AND {IsNext} ORDER BY requested_at, id LIMIT {MaxWaitingRead}", new { }, cancellationToken);
    }

    public async ValueTask<ReindexJobRecord?> ClaimAsync(AccessScope system, string id, string owner, TimeSpan lease, CancellationToken cancellationToken)
    {
        Demand(system);
        var now = Now();
        try
        {
            return await OneAsync(
                $"""
                UPDATE reindex_jobs AS wanted SET state = '{Running}', running_catalog = catalog, owner = @owner, heartbeat_at = @now, started_at = COALESCE(started_at, @now), attempts = attempts + 1
                WHERE id = @id AND kind = '{Ordered}' AND cancelled_by IS NULL AND ((state = '{Queued}' AND {IsNext}) OR (state = '{Running}' AND heartbeat_at < @stale))
                RETURNING {ReindexJobRow.Columns}
                """,
                new { id, owner, now, stale = Stale(now, lease) },
                cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Another job of the catalog was claimed at the same moment.
            return null;
        }
    }

    public ValueTask<ReindexJobRecord?> BeatAsync(AccessScope system, string id, string owner, string? progress, CancellationToken cancellationToken)
    {
        Demand(system);
        return OneAsync(
            $"""
            UPDATE reindex_jobs SET heartbeat_at = @now, progress = COALESCE(@progress, progress)
            WHERE id = @id AND owner = @owner AND state = '{Running}' RETURNING {ReindexJobRow.Columns}
            """,
            new { id, owner, progress, now = Now() },
            cancellationToken);
    }

    public async ValueTask<bool> EndAsync(AccessScope system, string id, string owner, ReindexJobEnd end, CancellationToken cancellationToken)
    {
        Demand(system);
        ArgumentNullException.ThrowIfNull(end);
        var ended = await OneAsync(
            $"""
            UPDATE reindex_jobs SET state = @State, running_catalog = NULL, ended_at = @now, heartbeat_at = NULL, progress = COALESCE(@Progress, progress), outcome = @Outcome
            WHERE id = @id AND owner = @owner AND state = '{Running}' RETURNING {ReindexJobRow.Columns}
            """,
            new { id, owner, end.State, end.Progress, end.Outcome, now = Now() },
            cancellationToken).ConfigureAwait(false);
        await ForgetWithdrawnAsync(cancellationToken).ConfigureAwait(false);
        return ended is not null;
    }

    public async ValueTask<bool> ReleaseAsync(AccessScope system, string id, string owner, CancellationToken cancellationToken)
    {
        Demand(system);
        var released = await OneAsync(
            $"""
            UPDATE reindex_jobs SET heartbeat_at = NULL, running_catalog = NULL,
              state = CASE WHEN cancelled_by IS NULL THEN '{Queued}' ELSE '{Cancelled}' END,
              ended_at = CASE WHEN cancelled_by IS NULL THEN ended_at ELSE @now END
            WHERE id = @id AND owner = @owner AND state = '{Running}' AND kind = '{Ordered}' RETURNING {ReindexJobRow.Columns}
            """,
            new { id, owner, now = Now() },
            cancellationToken).ConfigureAwait(false);
        await ForgetWithdrawnAsync(cancellationToken).ConfigureAwait(false);
        return released is not null;
    }

    public async ValueTask<ReindexJobRecord?> CancelAsync(AccessScope system, string id, string by, bool withdrawn, CancellationToken cancellationToken)
    {
        Demand(system);
        var job = await OneAsync(
            $"""
            UPDATE reindex_jobs SET cancelled_by = @by, withdrawn = @withdrawn,
              state = CASE WHEN state = '{Queued}' THEN '{Cancelled}' ELSE state END,
              ended_at = CASE WHEN state = '{Queued}' THEN @now ELSE ended_at END
            WHERE id = @id AND cancelled_by IS NULL AND state IN ('{Queued}', '{Running}') RETURNING {ReindexJobRow.Columns}
            """,
            new { id, by, withdrawn = withdrawn ? 1L : 0L, now = Now() },
            cancellationToken).ConfigureAwait(false);
        await ForgetWithdrawnAsync(cancellationToken).ConfigureAwait(false);
        return job ?? await FindAsync(system, id, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<int> ReleaseAbandonedAsync(AccessScope system, TimeSpan lease, CancellationToken cancellationToken)
    {
        Demand(system);
        var now = Now();
        var freed = await ManyAsync(
            $"""
            UPDATE reindex_jobs SET
              state = CASE WHEN cancelled_by IS NOT NULL THEN '{Cancelled}' WHEN kind = '{Ordered}' THEN '{Queued}' ELSE '{ReindexJobRecord.Failed}' END,
              ended_at = CASE WHEN cancelled_by IS NULL AND kind = '{Ordered}' THEN NULL ELSE @now END,
              running_catalog = NULL, heartbeat_at = NULL
            WHERE state = '{Running}' AND heartbeat_at < @stale RETURNING {ReindexJobRow.Columns}
            """,
            new { now, stale = Stale(now, lease) },
            cancellationToken).ConfigureAwait(false);
        if (freed.Count > 0)
        {
            await ForgetWithdrawnAsync(cancellationToken).ConfigureAwait(false);
        }

        return freed.Count;
    }

    public async ValueTask TrimAsync(AccessScope system, int keep, CancellationToken cancellationToken)
    {
        Demand(system);
        await ExecuteAsync(
            """
            DELETE FROM reindex_jobs WHERE ended_at IS NOT NULL AND id NOT IN
              (SELECT id FROM reindex_jobs WHERE ended_at IS NOT NULL ORDER BY ended_at DESC, requested_at DESC, id DESC LIMIT @keep)
            """,
            new { keep },
            cancellationToken).ConfigureAwait(false);
        await ExecuteAsync("DELETE FROM reindex_orders WHERE job_id NOT IN (SELECT id FROM reindex_jobs)", new { }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A transaction beside which no other order is taken, so that what it reads of orders and waiting jobs is true until it ends.</summary>
    private static async ValueTask<DbTransaction> BeginAloneAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (connection is SqliteConnection sqlite)
        {
            return sqlite.BeginTransaction(deferred: false);
        }

        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await connection.ExecuteAsync(new CommandDefinition("SELECT pg_advisory_xact_lock(@OrderLock)", new { OrderLock }, transaction, cancellationToken: cancellationToken)).ConfigureAwait(false);
        return transaction;
    }

    private async ValueTask<ReindexJobAnswer> AnswerAsync(ReindexJobOrder order, DbTransaction transaction, CancellationToken cancellationToken)
    {
        if (order.IdempotencyKey is not null && await RepeatedAsync(order, transaction, cancellationToken).ConfigureAwait(false) is { } repeated)
        {
            return repeated;
        }

        var open = (await transaction.Connection!.QueryAsync<ReindexJobRow>(new CommandDefinition(
            $"SELECT {ReindexJobRow.Columns} FROM reindex_jobs WHERE kind = '{Ordered}' AND state IN ('{Queued}', '{Running}') ORDER BY requested_at, id", transaction: transaction, cancellationToken: cancellationToken)).ConfigureAwait(false))
            .ToArray();
        if (Array.Find(open, j => Serves(j, order)) is { } joined)
        {
            await RememberAsync(order, joined.Id, transaction, cancellationToken).ConfigureAwait(false);
            return new ReindexJobAnswer(ReindexOrderOutcome.Joined, joined.ToRecord());
        }

        var (running, waiting) = (open.Count(j => j.State == Running), open.Count(j => j.State == Queued));
        if (waiting >= order.MaxWaiting + Math.Max(0, order.MaxRunning - running))
        {
            return new ReindexJobAnswer(ReindexOrderOutcome.TooMany, null, running, waiting);
        }

        // Behind those of its catalog that wait, also when they were ordered in this very millisecond or where the clock is ahead.
        var last = Array.FindLast(open, j => j.Catalog == order.Catalog)?.RequestedAt ?? 0;
        var added = await OneAsync(
            $"""
            INSERT INTO reindex_jobs (id, catalog, kind, options, requested_by, requested_at, state, attempts, withdrawn)
            VALUES (@Id, @Catalog, '{Ordered}', @Options, @RequestedBy, @at, '{Queued}', 0, 0) RETURNING {ReindexJobRow.Columns}
            """,
            new { order.Id, order.Catalog, order.Options, order.RequestedBy, at = Math.Max(Now(), last + 1) },
            transaction,
            cancellationToken).ConfigureAwait(false);
        await RememberAsync(order, added!.Id, transaction, cancellationToken).ConfigureAwait(false);
        return new ReindexJobAnswer(ReindexOrderOutcome.Started, added);
    }

    /// <summary>Whether a job that has not ended does all that the order asks for. One that is about to stop does not.</summary>
    private static bool Serves(ReindexJobRow job, ReindexJobOrder order) =>
        job.Catalog == order.Catalog && job.CancelledBy is null && job.Options == order.Options && (job.State == Queued || order.JoinsRunning);

    private static async ValueTask<ReindexJobAnswer?> RepeatedAsync(ReindexJobOrder order, DbTransaction transaction, CancellationToken cancellationToken)
    {
        var earlier = (await transaction.Connection!.QueryAsync<(string Options, string JobId)>(new CommandDefinition(
            "SELECT options AS Options, job_id AS JobId FROM reindex_orders WHERE subject = @RequestedBy AND catalog = @Catalog AND idempotency_key = @IdempotencyKey",
            new { order.RequestedBy, order.Catalog, order.IdempotencyKey },
            transaction,
            cancellationToken: cancellationToken)).ConfigureAwait(false)).ToArray();
        if (earlier is not [var known])
        {
            return null;
        }

        if (known.Options != order.Options)
        {
            return new ReindexJobAnswer(ReindexOrderOutcome.KeyConflict);
        }

        var job = await OneAsync($"SELECT {ReindexJobRow.Columns} FROM reindex_jobs WHERE id = @JobId", new { known.JobId }, transaction, cancellationToken).ConfigureAwait(false);
        return job is null ? null : new ReindexJobAnswer(ReindexOrderOutcome.Repeated, job);
    }

    /// <summary>The next order of its key is answered with the same job.</summary>
    private static async ValueTask RememberAsync(ReindexJobOrder order, string jobId, DbTransaction transaction, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        if (order.IdempotencyKey is null
            || await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT COUNT(*) FROM reindex_orders WHERE job_id = @jobId", new { jobId }, transaction, cancellationToken: cancellationToken)).ConfigureAwait(false) >= MaxKeys)
        {
            return;
        }

        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO reindex_orders (subject, catalog, idempotency_key, options, job_id) VALUES (@RequestedBy, @Catalog, @IdempotencyKey, @Options, @jobId)
            ON CONFLICT (subject, catalog, idempotency_key) DO UPDATE SET options = excluded.options, job_id = excluded.job_id
            """,
            new { order.RequestedBy, order.Catalog, order.IdempotencyKey, order.Options, jobId },
            transaction,
            cancellationToken: cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>From now on the orders that were answered with a withdrawn job start another.</summary>
    private ValueTask<int> ForgetWithdrawnAsync(CancellationToken cancellationToken) => ExecuteAsync(
        $"DELETE FROM reindex_orders WHERE job_id IN (SELECT id FROM reindex_jobs WHERE withdrawn = 1 AND state = '{Cancelled}')", new { }, cancellationToken);

    private async ValueTask<ReindexJobRecord?> OneAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return (await connection.QuerySingleOrDefaultAsync<ReindexJobRow>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)).ConfigureAwait(false))?.ToRecord();
        }
    }

    private static async ValueTask<ReindexJobRecord?> OneAsync(string sql, object parameters, DbTransaction transaction, CancellationToken cancellationToken) =>
        (await transaction.Connection!.QuerySingleOrDefaultAsync<ReindexJobRow>(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken)).ConfigureAwait(false))?.ToRecord();

    private async ValueTask<IReadOnlyList<ReindexJobRecord>> ManyAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return [.. (await connection.QueryAsync<ReindexJobRow>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)).ConfigureAwait(false)).Select(r => r.ToRecord())];
        }
    }

    private async ValueTask<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)).ConfigureAwait(false);
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static long Stale(long now, TimeSpan lease) => now - (long)lease.TotalMilliseconds;

    private static void Demand(AccessScope system)
    {
        ArgumentNullException.ThrowIfNull(system);
        if (!system.ProductsIn("", DateTimeOffset.MinValue).SeesEverything)
        {
            throw new AccessRefusedException("system_scope_required", "Jobs are kept by the platform itself. Ask for them where rights are judged.");
        }
    }
}
