using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace AiPlatform.Storage.Sql;

/// <summary>The schema, and how it comes into a database: in one transaction under the database's own lock, so that several starts at once are safe.</summary>
internal static class Migrations
{
    // Any constant will do, as long as every node uses the same.
    private const long AdvisoryLock = 4_705_222_030_117;

    public static ImmutableArray<Migration> All { get; } =
    [
        new(1, "settings", """
            CREATE TABLE storage_settings (
              name TEXT NOT NULL PRIMARY KEY,
              value TEXT NOT NULL
            );
            """),
        new(2, "api keys", """
            CREATE TABLE api_keys (
              id TEXT NOT NULL PRIMARY KEY,
              prefix TEXT NOT NULL UNIQUE,
              hash TEXT NOT NULL,
              name TEXT NOT NULL,
              groups_json TEXT NOT NULL,
              attributes_json TEXT NOT NULL,
              created_at BIGINT NOT NULL,
              created_by TEXT NOT NULL,
              expires_at BIGINT NULL,
              revoked_at BIGINT NULL,
              last_used_at BIGINT NULL
            );
            CREATE INDEX api_keys_by_age ON api_keys (created_at, id);
            """),
        new(3, "access audit", """
            CREATE TABLE access_audit (
              entry {identity},
              at BIGINT NOT NULL,
              event TEXT NOT NULL,
              subject TEXT NOT NULL,
              detail TEXT NOT NULL
            );
            CREATE INDEX access_audit_by_time ON access_audit (at);
            """),
        new(4, "call audit", """
            CREATE TABLE call_audit (
              entry {identity},
              at BIGINT NOT NULL,
              subject TEXT NOT NULL,
              groups TEXT NOT NULL,
              method TEXT NOT NULL,
              name TEXT NOT NULL,
              outcome TEXT NOT NULL,
              milliseconds BIGINT NOT NULL
            );
            CREATE INDEX call_audit_by_time ON call_audit (at);
            """),
        new(5, "reindex jobs", """
            CREATE TABLE reindex_jobs (
              id TEXT NOT NULL PRIMARY KEY,
              catalog TEXT NOT NULL,
              active_catalog TEXT NULL UNIQUE,
              kind TEXT NOT NULL,
              options TEXT NOT NULL,
              requested_by TEXT NOT NULL,
              requested_at BIGINT NOT NULL,
              state TEXT NOT NULL,
              attempts BIGINT NOT NULL,
              started_at BIGINT NULL,
              ended_at BIGINT NULL,
              cancelled_by TEXT NULL,
              withdrawn BIGINT NOT NULL,
              owner TEXT NULL,
              heartbeat_at BIGINT NULL,
              progress TEXT NULL,
              outcome TEXT NULL
            );
            CREATE INDEX reindex_jobs_by_catalog ON reindex_jobs (catalog, requested_at);
            CREATE INDEX reindex_jobs_by_state ON reindex_jobs (state, requested_at);
            CREATE INDEX reindex_jobs_by_end ON reindex_jobs (ended_at);
            CREATE TABLE reindex_orders (
              subject TEXT NOT NULL,
              catalog TEXT NOT NULL,
              idempotency_key TEXT NOT NULL,
              options TEXT NOT NULL,
              job_id TEXT NOT NULL,
              PRIMARY KEY (subject, catalog, idempotency_key)
            );
            CREATE INDEX reindex_orders_by_job ON reindex_orders (job_id);
            """),
        new(6, "reindex jobs wait behind each other", """
            ALTER TABLE reindex_jobs RENAME COLUMN active_catalog TO running_catalog;
            UPDATE reindex_jobs SET running_catalog = NULL WHERE state <> 'running';
            """),
    ];

    /// <summary>Brings the database up to the last step.</summary>
    /// <returns>The version before and after.</returns>
    /// <exception cref="StorageException">The database comes from a newer release, or a step was altered.</exception>
    public static (int From, int To) Apply(DbConnection connection, SqlProvider provider, ImmutableArray<Migration> steps)
    {
        if (provider == SqlProvider.Sqlite)
        {
            // Persistent in the file; cannot be set inside a transaction.
            connection.Execute("PRAGMA journal_mode=WAL");
        }

        using var transaction = Begin(connection, provider);
        connection.Execute("CREATE TABLE IF NOT EXISTS schema_migrations (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)", transaction: transaction);
        var applied = connection.Query<(long Number, string Name)>("SELECT number, name FROM schema_migrations ORDER BY number", transaction: transaction).ToArray();
        for (var i = 0; i < applied.Length; i++)
        {
            if (i >= steps.Length || applied[i].Number != steps[i].Number || applied[i].Name != steps[i].Name)
            {
                throw new StorageException("schema_unknown", $"The database has the migration {applied[i].Number} ({applied[i].Name}), which this release does not know; use the release that made it, or a newer one.");
            }
        }

        foreach (var step in steps.Skip(applied.Length))
        {
            connection.Execute(step.Sql.Replace("{identity}", Identity(provider), StringComparison.Ordinal), transaction: transaction);
            connection.Execute("INSERT INTO schema_migrations (number, name) VALUES (@Number, @Name)", new { step.Number, step.Name }, transaction);
        }

        transaction.Commit();
        return (applied.Length, steps.Length);
    }

    private static DbTransaction Begin(DbConnection connection, SqlProvider provider)
    {
        if (connection is SqliteConnection sqlite)
        {
            return sqlite.BeginTransaction(deferred: false);
        }

        var transaction = connection.BeginTransaction();
        connection.Execute("SELECT pg_advisory_xact_lock(@AdvisoryLock)", new { AdvisoryLock }, transaction);
        return transaction;
    }

    private static string Identity(SqlProvider provider) => provider == SqlProvider.Sqlite
        ? "INTEGER PRIMARY KEY AUTOINCREMENT"
        : "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
}
