using System.Data.Common;
using AiPlatform.Storage.Sql;

namespace AiPlatform.Storage;

/// <summary>The database of the platform's state, for a library that keeps tables of its own beside. Thread-safe.</summary>
public sealed class StateDatabase
{
    private readonly SqlDatabase _database;

    /// <summary>The database of the options. Nothing is opened.</summary>
    internal StateDatabase(SqlDatabase database) => _database = database;

    /// <summary>Whether several machines share it: PostgreSQL. Otherwise it is a SQLite file of this machine.</summary>
    public bool IsShared => _database.Provider == SqlProvider.Postgres;

    /// <summary>Its connections; migrated before the first answer.</summary>
    /// <exception cref="StorageException">The database cannot be opened or migrated.</exception>
    public DbDataSource Connections
    {
        get
        {
            _database.EnsureMigrated();
            return _database.Source;
        }
    }
}
