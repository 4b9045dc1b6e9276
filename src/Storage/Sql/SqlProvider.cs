namespace AiPlatform.Storage.Sql;

/// <summary>Which database holds the state.</summary>
internal enum SqlProvider
{
    /// <summary>A file of this machine.</summary>
    Sqlite = 0,

    /// <summary>A PostgreSQL server, shared by several nodes.</summary>
    Postgres,
}
