using AiPlatform.Storage.Keys;
using Xunit;

namespace AiPlatform.Storage.Tests.Keys;

public sealed class LastUsesTests : IDisposable
{
    private readonly StorageFixture _storage = new();
    private readonly ManualTime _time = new();
    private readonly RecordedLog<LastUses> _log = new();

    public LastUsesTests() => _storage.Execute("INSERT INTO api_keys (id, prefix, hash, name, groups_json, attributes_json, created_at, created_by) VALUES ('k', 'p', 'h', 'n', '[]', '{}', 0, 'c')");

    private long? Stored => _storage.Query<long?>("SELECT last_used_at FROM api_keys").Single();

    public void Dispose() => _storage.Dispose();

    [Fact]
    public void Timer_WritesWhatWasNoted()
    {
        using var uses = new LastUses(_storage.Database, _time, _log);
        uses.Note("k", null, _time.GetUtcNow().AddSeconds(59));
        Assert.Null(Stored);

        _time.FireTimers();

        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds(), Stored);
    }

    [Fact]
    public void Dispose_WritesTheRest()
    {
        using (var uses = new LastUses(_storage.Database, _time, _log))
        {
            uses.Note("k", null, _time.GetUtcNow());
        }

        Assert.NotNull(Stored);
    }

    [Fact]
    public void Note_TheStoredMinute_IsNoWork()
    {
        using var uses = new LastUses(_storage.Database, _time, _log);
        uses.Note("k", _time.GetUtcNow().ToUnixTimeMilliseconds(), _time.GetUtcNow().AddSeconds(30));

        uses.Flush();

        Assert.Null(Stored);
    }

    [Fact]
    public void Flush_DatabaseFails_IsLoggedAndTriedAgain()
    {
        using var uses = new LastUses(_storage.Database, _time, _log);
        uses.Note("k", null, _time.GetUtcNow());
        _storage.Execute("ALTER TABLE api_keys RENAME TO away");
        uses.Flush();
        _storage.Execute("ALTER TABLE away RENAME TO api_keys");

        uses.Flush();

        Assert.Equal(2202, Assert.Single(_log.Entries).Event);
        Assert.NotNull(Stored);
    }
}
