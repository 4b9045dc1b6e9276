using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AiPlatform.Storage.Sql;

/// <summary>Opens connections to the one database, migrated before the first is handed out. Thread-safe.</summary>
internal sealed class SqlDatabase : IDisposable
{
    private readonly Lock _migrating = new();
    private readonly ILogger<SqlDatabase> _logger;
    private readonly string _place;
    private readonly NpgsqlDataSource? _postgres;
    private readonly string _sqlite = "";
    private volatile bool _ready;

    public SqlDatabase(IOptions<StorageOptions> options, ILogger<SqlDatabase> logger)
    {
        _logger = logger;
        _place = options.Value.ToString();
        if (options.Value.Provider == StorageOptions.Postgres)
        {
            Provider = SqlProvider.Postgres;
            _postgres = NpgsqlDataSource.Create(options.Value.ConnectionString);
            Source = _postgres;
            return;
        }

        SqliteLibrary.Use();
        var path = Path.GetFullPath(options.Value.Path);
        DataFolder.Create(Path.GetDirectoryName(path)!);
        // Cache=Private and pooling are the defaults; the busy wait is the command's timeout.
        _sqlite = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30 }.ToString();
        Source = SqliteFactory.Instance.CreateDataSource(_sqlite);
    }

    public SqlProvider Provider { get; }

    /// <summary>The connections as they are, for what brings its own tables. Not migrated: <see cref="EnsureMigrated"/> first.</summary>
    public DbDataSource Source { get; }

    public DbConnection Open()
    {
        EnsureMigrated();
        return OpenRaw();
    }

    public async ValueTask<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        EnsureMigrated();
        if (_postgres is not null)
        {
            return await _postgres.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return OpenRaw();
    }

    public void EnsureMigrated()
    {
        if (_ready)
        {
            return;
        }

        lock (_migrating)
        {
            if (!_ready)
            {
                Migrate();
                _ready = true;
            }
        }
    }

    /// <summary>Closes pooled connections, so that the file can be moved or deleted.</summary>
    public void Dispose()
    {
        _postgres?.Dispose();
        if (_sqlite.Length > 0)
        {
            using var any = new SqliteConnection(_sqlite);
            SqliteConnection.ClearPool(any);
        }
    }

    private void Migrate()
    {
        try
        {
            using var connection = OpenRaw();
            var (from, to) = Migrations.Apply(connection, Provider, Migrations.All);
            if (from != to)
            {
                Log.Migrated(_logger, from, to);
            }
        }
        catch (DbException failure)
        {
            throw new StorageException("database_unavailable", $"The database ({_place}) cannot be opened or migrated: {failure.Message} {Advice}", failure);
        }
    }

    private string Advice => Provider == SqlProvider.Postgres
        ? "Check that the server runs and that Storage:ConnectionString names it."
        : "Check that Storage:Path is a database file that this user may write.";

    private DbConnection OpenRaw()
    {
        if (_postgres is not null)
        {
            return _postgres.OpenConnection();
        }

        var connection = new SqliteConnection(_sqlite);
        connection.Open();
        return connection;
    }
}
