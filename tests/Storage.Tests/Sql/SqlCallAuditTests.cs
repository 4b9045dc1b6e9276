using AiPlatform.Core.Access;
using AiPlatform.Storage.Sql;
using Microsoft.Extensions.Options;
using Xunit;

namespace AiPlatform.Storage.Tests.Sql;

public sealed class SqlCallAuditTests : IDisposable
{
    private readonly StorageFixture _storage = new();
    private readonly ManualTime _time = new();
    private readonly RecordedLog<SqlCallAudit> _log = new();

    private string[] Stored => _storage.Query<string>("SELECT subject || ' ' || groups || ' ' || method || ' ' || name || ' ' || outcome || ' ' || milliseconds FROM call_audit ORDER BY entry");

    public void Dispose() => _storage.Dispose();

    [Fact]
    public void Calls_AreStoredBehind()
    {
        using var audit = New();
        Assert.True(audit.RecordAsync(Call("key_1")).AsTask().IsCompletedSuccessfully);
        Assert.Empty(Stored);

        _time.FireTimers();

        Assert.Equal(["key_1 a,b tools/call whoami ok 7"], Stored);
        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds(), _storage.Query<long>("SELECT at FROM call_audit").Single());
    }

    [Fact]
    public void Dispose_StoresTheRest()
    {
        var audit = New();
        for (var i = 0; i < SqlCallAudit.BatchRows + 1; i++)
        {
            Assert.True(audit.RecordAsync(Call("key_1")).AsTask().IsCompleted);
        }

        audit.Dispose();

        Assert.Equal(SqlCallAudit.BatchRows + 1, Stored.Length);
        Assert.Empty(_log.Entries);
    }

    [Fact]
    public async Task FullQueue_Waits_AndLosesNothing()
    {
        const int Calls = SqlCallAudit.QueueCapacity + 3000;
        using var audit = New();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(lane => Task.Run(async () =>
        {
            for (var i = 0; i < Calls / 4; i++)
            {
                await audit.RecordAsync(Call($"key_{lane}"));
            }
        })));
        audit.Flush();

        Assert.Equal(Calls / 4 * 4, _storage.Query<long>("SELECT COUNT(*) FROM call_audit").Single());
        Assert.Empty(_log.Entries);
    }

    [Fact]
    public async Task FailingDatabase_LogsWhatFindsNoRoom_AndStoresTheRestWhenItIsBack()
    {
        using var audit = New();
        _storage.Execute("ALTER TABLE call_audit RENAME TO elsewhere");
        await audit.RecordAsync(Call("first"));
        audit.Flush();
        Assert.Equal(2304, Assert.Single(_log.Entries).Event);
        for (var i = 1; i < SqlCallAudit.QueueCapacity; i++)
        {
            Assert.True(audit.RecordAsync(Call("queued")).AsTask().IsCompleted);
        }

        await audit.RecordAsync(Call("beyond"));

        Assert.Contains("beyond", Assert.Single(_log.Entries, e => e.Event == 2305).Text, StringComparison.Ordinal);
        _storage.Execute("ALTER TABLE elsewhere RENAME TO call_audit");
        audit.Flush();
        Assert.Equal(SqlCallAudit.QueueCapacity, Stored.Length);
        Assert.StartsWith("first ", Stored[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task OldCalls_AreDeleted()
    {
        using var audit = New(days: 3);
        await audit.RecordAsync(Call("old"));
        audit.Flush();
        _time.Advance(TimeSpan.FromDays(2));
        await audit.RecordAsync(Call("new"));
        audit.Flush();
        Assert.Equal(2, Stored.Length);

        _time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromHours(1));
        audit.Flush();

        Assert.StartsWith("new ", Assert.Single(Stored), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TextThatADatabaseRefuses_IsMadeHarmless()
    {
        using var audit = New();
        await audit.RecordAsync(Call("a\0b\ud800c" + new string('x', 5000)));
        audit.Flush();

        Assert.StartsWith("a\ufffdb\ufffdcx", Assert.Single(Stored), StringComparison.Ordinal);
        Assert.InRange(Stored[0].Length, 1000, 1100);
    }

    private CallRecord Call(string subject) => new(_time.GetUtcNow(), subject, ["a", "b"], "tools/call", "whoami", CallRecord.Ok, 7);

    private SqlCallAudit New(int days = 30) => new(_storage.Database, Options.Create(new CallAuditOptions { CallDays = days }), _time, _log);
}
