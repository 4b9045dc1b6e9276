namespace AiPlatform.Storage;

/// <summary>Where state is kept. Configuration section <c>Storage</c>. All errors are reported together at start.</summary>
public sealed class StorageOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Storage";

    /// <summary>The configuration key, and so the environment variable, of <see cref="KeyPepper"/>.</summary>
    public const string KeyPepperVariable = "AIPLATFORM_KEY_PEPPER";

    /// <summary>The provider name of a SQLite file.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>The provider name of PostgreSQL.</summary>
    public const string Postgres = "postgres";

    /// <summary><c>sqlite</c> (default) or <c>postgres</c>.</summary>
    public string Provider { get; set; } = Sqlite;

    /// <summary>For <c>sqlite</c>: the database file, made with its folder when missing. Default: <c>data/aiplatform.db</c> in the working directory.</summary>
    public string Path { get; set; } = "data/aiplatform.db";

    /// <summary>For <c>postgres</c>: the connection string, required. Not used for <c>sqlite</c>.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>The secret that key hashes are made with: 32 bytes or more in base64 or hexadecimal. Empty (default): it is read from <see cref="KeyPepperPath"/>.</summary>
    public string KeyPepper { get; set; } = "";

    /// <summary>
    /// The file of the secret, made with mode 600 when missing. Default: <c>key-pepper</c> beside the SQLite file. Every node on one
    /// PostgreSQL needs the same secret, so there it has no default: give this or <see cref="KeyPepper"/>.
    /// </summary>
    public string KeyPepperPath { get; set; } = "";

    /// <summary>Never the connection string or the secret.</summary>
    public override string ToString() => Provider == Sqlite ? $"sqlite {Path}" : Provider;
}
