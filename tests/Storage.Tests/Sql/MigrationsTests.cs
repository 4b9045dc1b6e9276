using System.Collections.Immutable;
using AiPlatform.Storage.Sql;
using Dapper;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AiPlatform.Storage.Tests.Sql;

public sealed class MigrationsTests : IDisposable
{
    private readonly StorageFixture _storage = new();

    public void Dispose() => _storage.Dispose();

    [Fact]
    public void All_AreNumberedWithoutGaps() =>
        Assert.Equal(Enumerable.Range(1, Migrations.All.Length), Migrations.All.Select(m => m.Number));

    [Fact]
    public void Apply_Twice_DoesTheWorkOnce()
    {
        using var connection = _storage.Database.Open();

        Assert.Equal((Migrations.All.Length, Migrations.All.Length), Migrations.Apply(connection, SqlProvider.Sqlite, Migrations.All));
        Assert.Equal("wal", connection.QuerySingle<string>("PRAGMA journal_mode"));
    }

    [Fact]
    public void Apply_StepThatFails_LeavesTheDatabaseAsItWas()
    {
        using var connection = _storage.Database.Open();
        ImmutableArray<Migration> steps = [.. Migrations.All, new(Migrations.All.Length + 1, "good", "CREATE TABLE good (a TEXT)"), new(Migrations.All.Length + 2, "bad", "CREATE TABLE bad (")];

        Assert.Throws<SqliteException>(() => Migrations.Apply(connection, SqlProvider.Sqlite, steps));

        Assert.Equal(0, connection.QuerySingle<int>("SELECT COUNT(*) FROM sqlite_master WHERE name = 'good'"));
        Assert.Equal(Migrations.All.Length, connection.QuerySingle<int>("SELECT COUNT(*) FROM schema_migrations"));
    }

    [Fact]
    public void Apply_NewerStep_KeepsTheData()
    {
        _storage.Execute("INSERT INTO storage_settings (name, value) VALUES ('a', 'b')");
        using var connection = _storage.Database.Open();

        Migrations.Apply(connection, SqlProvider.Sqlite, [.. Migrations.All, new(Migrations.All.Length + 1, "next", "CREATE TABLE next (a TEXT)")]);

        Assert.Equal("b", connection.QuerySingle<string>("SELECT value FROM storage_settings WHERE name = 'a'"));
    }

    [Fact]
    public void Open_FileThatIsNoDatabase_IsTold()
    {
        File.WriteAllText(_storage.Options.Path, new string('x', 5000));

        var failure = Assert.Throws<StorageException>(() => _storage.Database.Open());

        Assert.Equal("database_unavailable", failure.Code);
        Assert.Contains(_storage.Options.Path, failure.Message, StringComparison.Ordinal);
    }
}
