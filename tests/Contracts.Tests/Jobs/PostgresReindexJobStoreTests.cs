using AiPlatform.Contracts.Tests.Keys;
using AiPlatform.Storage;
using Xunit;

namespace AiPlatform.Contracts.Tests.Jobs;

/// <summary>The suite over PostgreSQL, a database of its own for each test.</summary>
[Collection(PostgresServer.Collection)]
[CoversStore("AiPlatform.Storage.Jobs.SqlReindexJobStore")]
public sealed class PostgresReindexJobStoreTests(PostgresServer server) : ReindexJobStoreContract
{
    private string _connection = "";

    public override async Task InitializeAsync()
    {
        if (server.Missing is null)
        {
            _connection = await server.NewDatabaseAsync();
        }
    }

    protected override void Configure(StorageOptions options)
    {
        Skip.If(server.Missing is not null, server.Missing);
        options.Provider = StorageOptions.Postgres;
        options.ConnectionString = _connection;
        options.KeyPepper = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    }

    protected override Task CleanAsync() => Task.CompletedTask;
}
