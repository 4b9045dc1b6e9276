using Dapper;

namespace AiPlatform.Storage.Sql;

/// <summary>Looks for a row of the audit: unlike a bare SELECT 1 it needs the database's file and its tables.</summary>
internal sealed class SqlStorageProbe(SqlDatabase database) : IStorageProbe
{
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await connection.ExecuteScalarAsync(new CommandDefinition(
            "SELECT COUNT(*) FROM (SELECT 1 AS one FROM access_audit LIMIT 1) AS probe", cancellationToken: cancellationToken)).ConfigureAwait(false);
    }
}
