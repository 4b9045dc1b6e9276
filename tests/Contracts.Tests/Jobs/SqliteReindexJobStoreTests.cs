using AiPlatform.Contracts.Tests.Keys;
using AiPlatform.Storage;

namespace AiPlatform.Contracts.Tests.Jobs;

/// <summary>The suite over SQLite.</summary>
[CoversStore("AiPlatform.Storage.Jobs.SqlReindexJobStore")]
public sealed class SqliteReindexJobStoreTests : ReindexJobStoreContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aip-jobs-").FullName;

    public override Task InitializeAsync() => Task.CompletedTask;

    protected override void Configure(StorageOptions options) => options.Path = Path.Combine(_folder, "test.db");

    protected override Task CleanAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}
