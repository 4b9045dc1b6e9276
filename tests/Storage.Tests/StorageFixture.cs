using AiPlatform.Storage.Sql;
using Dapper;
using Microsoft.Extensions.Options;

namespace AiPlatform.Storage.Tests;

/// <summary>A SQLite database in a folder of its own.</summary>
internal sealed class StorageFixture : IDisposable
{
    private readonly TestFolder _folder = new();

    public StorageFixture()
    {
        Options = new StorageOptions { Path = _folder["state.db"] };
        Database = NewDatabase();
    }

    public StorageOptions Options { get; }

    public SqlDatabase Database { get; }

    public string this[string name] => _folder[name];

    public SqlDatabase NewDatabase() => new(Microsoft.Extensions.Options.Options.Create(Options), new RecordedLog<SqlDatabase>());

    public IOptions<StorageOptions> Wrapped() => Microsoft.Extensions.Options.Options.Create(Options);

    public T[] Query<T>(string sql)
    {
        using var connection = Database.Open();
        return [.. connection.Query<T>(sql)];
    }

    public void Execute(string sql)
    {
        using var connection = Database.Open();
        connection.Execute(sql);
    }

    public void Dispose()
    {
        Database.Dispose();
        _folder.Dispose();
    }
}
