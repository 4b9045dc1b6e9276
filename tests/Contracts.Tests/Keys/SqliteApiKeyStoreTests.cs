using System.Data.Common;
using AiPlatform.Storage;
using AiPlatform.Storage.Sql;
using Microsoft.Data.Sqlite;

namespace AiPlatform.Contracts.Tests.Keys;

/// <summary>The suite over SQLite.</summary>
[CoversStore("AiPlatform.Storage.Keys.SqlApiKeyStore")]
public sealed class SqliteApiKeyStoreTests : ApiKeyStoreContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aip-keys-").FullName;

    private string File => Path.Combine(_folder, "state", "test.db");

    public override Task InitializeAsync() => Task.CompletedTask;

    protected override void Configure(StorageOptions options) => options.Path = File;

    protected override DbConnection Connect()
    {
        SqliteLibrary.Use();
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }

    protected override Task CleanAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}
