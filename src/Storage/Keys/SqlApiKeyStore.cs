using System.Security.Cryptography;
using AiPlatform.Core.Access;
using AiPlatform.Storage.Sql;
using Dapper;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Storage.Keys;

/// <summary>Keys in SQLite or PostgreSQL, by one SQL text.</summary>
internal sealed class SqlApiKeyStore : IApiKeyStore, IDisposable
{
    private const int IdLength = 16;
    // Compared when there is no such key, so that the work is the same.
    private static readonly byte[] NoHash = new byte[HMACSHA256.HashSizeInBytes];

    private readonly SqlDatabase _database;
    private readonly KeyPepper _pepper;
    private readonly RandomFill _random;
    private readonly TimeProvider _time;
    private readonly IAccessAudit _audit;
    private readonly ILogger<SqlApiKeyStore> _logger;
    private readonly AuthenticatedKeys _verified;
    private readonly LastUses _uses;

    public SqlApiKeyStore(SqlDatabase database, KeyPepper pepper, RandomFill random, TimeProvider time, IAccessAudit audit, ILogger<SqlApiKeyStore> logger)
    {
        _database = database;
        _pepper = pepper;
        _random = random;
        _time = time;
        _audit = audit;
        _logger = logger;
        _verified = new AuthenticatedKeys(time);
        _uses = new LastUses(database, time, logger);
    }

    public async ValueTask<IssuedApiKey> CreateAsync(AccessScope scope, NewApiKey request, CancellationToken cancellationToken)
    {
        Demand(scope, Right.WriteKeys);
        var now = Cut(_time.GetUtcNow());
        var wanted = NewApiKeyRules.Checked(request, now);
        var secret = KeyFormat.New(_random);
        var record = new ApiKeyRecord
        {
            Id = "key_" + KeyFormat.Text(_random, IdLength),
            Prefix = secret[..KeyFormat.PrefixLength],
            Name = wanted.Name,
            Groups = wanted.Groups,
            Attributes = wanted.Attributes,
            CreatedAt = now,
            CreatedBy = scope.Subject,
            ExpiresAt = wanted.ExpiresAt,
        };
        var connection = await _database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO api_keys (id, prefix, hash, name, groups_json, attributes_json, created_at, created_by, expires_at)
                VALUES (@Id, @Prefix, @Hash, @Name, @GroupsJson, @AttributesJson, @CreatedAt, @CreatedBy, @ExpiresAt)
                """,
                ApiKeyRow.From(record, Convert.ToHexStringLower(_pepper.Hash(secret))),
                cancellationToken: cancellationToken)).ConfigureAwait(false);
        }

        Log.KeyCreated(_logger, record.Prefix, scope.Subject);
        return new IssuedApiKey(record, secret);
    }

    public ValueTask<ApiKeyRecord?> AuthenticateAsync(string presented, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(presented);
        if (KeyFormat.PrefixOf(presented) is not { } prefix)
        {
            return ValueTask.FromResult<ApiKeyRecord?>(null);
        }

        if (_verified.Use(presented, out var isFirst) is not { } known)
        {
            return VerifyAsync(presented, prefix, isUse: true, cancellationToken);
        }

        if (isFirst)
        {
            _uses.Note(known.Id, known.LastUsedAt?.ToUnixTimeMilliseconds(), _time.GetUtcNow());
        }

        return ValueTask.FromResult<ApiKeyRecord?>(known);
    }

    public ValueTask<ApiKeyRecord?> RecheckAsync(string presented, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(presented);
        return KeyFormat.PrefixOf(presented) is not { } prefix ? ValueTask.FromResult<ApiKeyRecord?>(null)
            : _verified.Find(presented) is { } known ? ValueTask.FromResult<ApiKeyRecord?>(known)
            : VerifyAsync(presented, prefix, isUse: false, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<ApiKeyRecord>> ListAsync(AccessScope scope, CancellationToken cancellationToken)
    {
        Demand(scope, Right.ReadKeys);
        _uses.Flush();
        var connection = await _database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var rows = await connection.QueryAsync<ApiKeyRow>(new CommandDefinition(
                $"SELECT {ApiKeyRow.Columns} FROM api_keys ORDER BY created_at DESC, id", cancellationToken: cancellationToken)).ConfigureAwait(false);
            return [.. rows.Select(r => r.ToRecord())];
        }
    }

    public async ValueTask<ApiKeyRecord?> RevokeAsync(AccessScope scope, string idOrPrefix, CancellationToken cancellationToken)
    {
        Demand(scope, Right.WriteKeys);
        ArgumentNullException.ThrowIfNull(idOrPrefix);
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        ApiKeyRow? row;
        var connection = await _database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            row = await connection.QuerySingleOrDefaultAsync<ApiKeyRow>(new CommandDefinition(
                $"UPDATE api_keys SET revoked_at = COALESCE(revoked_at, @now) WHERE id = @idOrPrefix OR prefix = @idOrPrefix RETURNING {ApiKeyRow.Columns}",
                new { idOrPrefix, now },
                cancellationToken: cancellationToken)).ConfigureAwait(false);
        }

        _verified.Forget();
        if (row is not null)
        {
            Log.KeyRevoked(_logger, row.Prefix, scope.Subject);
        }

        return row?.ToRecord();
    }

    public void Dispose() => _uses.Dispose();

    private async ValueTask<ApiKeyRecord?> VerifyAsync(string presented, string prefix, bool isUse, CancellationToken cancellationToken)
    {
        var ticket = _verified.Begin();
        var hash = _pepper.Hash(presented);
        ApiKeyRow? row;
        var connection = await _database.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            row = await connection.QuerySingleOrDefaultAsync<ApiKeyRow>(new CommandDefinition(
                $"SELECT {ApiKeyRow.Columns} FROM api_keys WHERE prefix = @prefix", new { prefix }, cancellationToken: cancellationToken)).ConfigureAwait(false);
        }

        var matches = CryptographicOperations.FixedTimeEquals(hash, row is null ? NoHash : Convert.FromHexString(row.Hash));
        var now = _time.GetUtcNow();
        if (!matches || row is null || row.RevokedAt is not null || (row.ExpiresAt is { } end && now.ToUnixTimeMilliseconds() >= end))
        {
            return null;
        }

        var record = row.ToRecord();
        if (isUse)
        {
            _uses.Note(row.Id, row.LastUsedAt, now);
        }

        _verified.Keep(presented, record, ticket, isUse);
        return record;
    }

    private void Demand(AccessScope scope, Right right)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (!scope.IsAdministrator || !scope.Allows(right, _time.GetUtcNow()))
        {
            _audit.Denied(scope.Subject, right.Resource, right.Action);
            throw new AccessRefusedException("administrator_required", $"Keys may only be handled by an administrator whose group has the permission `{right.Resource}: {right.Action}`.");
        }
    }

    private static DateTimeOffset Cut(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}
