using AiPlatform.Core.Access;
using AiPlatform.Storage.Sql;
using Xunit;

namespace AiPlatform.Storage.Tests.Sql;

public sealed class SqlAccessAuditTests : IDisposable
{
    private readonly StorageFixture _storage = new();
    private readonly ManualTime _time = new();
    private readonly RecordedLog<SqlAccessAudit> _log = new();

    private string[] Stored => _storage.Query<string>("SELECT event || ' ' || subject || ' ' || detail FROM access_audit ORDER BY entry");

    public void Dispose() => _storage.Dispose();

    [Fact]
    public void ExceptionalAccess_IsStoredBeforeItIsGranted()
    {
        using var audit = New();

        audit.SystemScopeIssued("indexer", "nightly run");
        audit.ActedAsGroup("key_1", "eu-retail");

        Assert.Equal(["system_scope indexer nightly run", "acted_as_group key_1 eu-retail"], Stored);
        Assert.Equal([2301, 2301], _log.Entries.Select(e => e.Event));
        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds(), _storage.Query<long>("SELECT at FROM access_audit").First());
    }

    [Fact]
    public void ExceptionalAccess_ThatCannotBeStored_IsRefused()
    {
        using var audit = New();
        _storage.Execute("DROP TABLE access_audit");

        Assert.Equal("audit_unavailable", Assert.Throws<AccessRefusedException>(() => audit.SystemScopeIssued("x", "y")).Code);
        Assert.Equal("audit_unavailable", Assert.Throws<AccessRefusedException>(() => audit.ActedAsGroup("x", "y")).Code);
        Assert.Equal([2302, 2302], _log.Entries.Select(e => e.Event));
    }

    [Fact]
    public void Refusals_AreLoggedAtOnceAndStoredBehind()
    {
        using var audit = New();
        audit.Denied("key_1", "keys", "write");
        Assert.Empty(Stored);

        _time.FireTimers();

        Assert.Equal(["denied key_1 keys:write"], Stored);
        Assert.Equal(2300, Assert.Single(_log.Entries).Event);
    }

    [Fact]
    public void Refusals_BeyondTheQueue_AreCountedAndNeverBlock()
    {
        using var audit = New();
        for (var i = 0; i < SqlAccessAudit.QueueCapacity + 5; i++)
        {
            audit.Denied($"s{i}", "r", "a");
        }

        audit.Flush();

        Assert.Equal(SqlAccessAudit.QueueCapacity, Stored.Length);
        Assert.StartsWith("5 refusals", Assert.Single(_log.Entries, e => e.Event == 2303).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusals_OfOneSubjectBeyondTheMinute_AreOneMoreRow()
    {
        using var audit = New();
        for (var i = 0; i < 50; i++)
        {
            audit.Denied("key_1", "groups", "override");
        }

        audit.Denied("key_2", "groups", "override");
        audit.Flush();

        Assert.Equal(SqlAccessAudit.RefusalsPerMinute + 2, Stored.Length);
        Assert.Contains("suppressed", Assert.Single(Stored, r => !r.EndsWith("groups:override", StringComparison.Ordinal)), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(1));
        audit.Denied("key_1", "groups", "override");
        audit.Flush();
        Assert.Equal(SqlAccessAudit.RefusalsPerMinute + 3, Stored.Length);
    }

    [Fact]
    public void Dispose_StoresTheRest()
    {
        New().Dispose();
        var audit = New();
        audit.Denied(new string('s', 5000), "r", "a");

        audit.Dispose();

        Assert.InRange(Assert.Single(Stored).Length, 1000, 1100);
    }

    private SqlAccessAudit New() => new(_storage.Database, _time, _log);
}
