using AiPlatform.Core.Access;
using AiPlatform.Storage.Policy;
using Microsoft.Extensions.Options;
using Xunit;

namespace AiPlatform.Storage.Tests.Policy;

public sealed class PolicyFileSourceTests : IDisposable
{
    private const string Good = "groups:\n  a: { tier: basic, permissions: [{ resource: products, actions: [read] }] }\n";
    private readonly TestFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly RecordedLog<PolicyFileSource> _log = new();

    private string File => _folder["policy.yaml"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Start_BrokenFile_ThrowsWithEveryError()
    {
        Write("groups:\n  a: { tier: gold }\n  b: {}\n");

        var failure = Assert.Throws<PolicyFileException>(Open);

        Assert.Contains("line 2, column 14: groups.a.tier", failure.Message, StringComparison.Ordinal);
        Assert.Contains("line 3, column 3: groups.b.tier", failure.Message, StringComparison.Ordinal);
        Assert.Contains(File, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_MissingFile_Throws() => Assert.Contains("unreadable_file", Assert.Throws<PolicyFileException>(Open).Message, StringComparison.Ordinal);

    [Fact]
    public void Reload_ValidEdit_SwapsThePolicyWholeAndTells()
    {
        Write(Good);
        using var source = Open();
        var before = source.Current;
        var told = new List<AccessPolicy>();
        source.Changed += (_, policy) => told.Add(policy);

        Write(Good + "  b: { tier: free }\n");

        Assert.Equal(PolicyReload.Loaded, source.TryReload());
        Assert.Equal(["a"], before.Groups.Keys);
        Assert.Equal(["a", "b"], source.Current.Groups.Keys);
        Assert.Same(source.Current, Assert.Single(told));
        Assert.Equal(2, _log.Entries.Count(e => e.Event == 2000));
        Assert.Single(_log.Entries, e => e.Event == 2001);
    }

    [Fact]
    public void Reload_BrokenEdit_KeepsThePolicyAndSaysSoOnce()
    {
        Write(Good);
        using var source = Open();
        var before = source.Current;
        Write("groups:\n  a: { tier: gold }\n");

        Assert.Equal(PolicyReload.Refused, source.TryReload());
        Assert.Equal(PolicyReload.Unchanged, source.TryReload());

        Assert.Same(before, source.Current);
        Assert.Equal("unknown_tier", Assert.Single(source.LastError!.Problems.Where(p => p.Severity == PolicySeverity.Error)).Code);
        var (_, text) = Assert.Single(_log.Entries, e => e.Event == 2002);
        Assert.Contains("groups.a.tier", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Reload_AfterTheEditIsMended_ClearsTheError()
    {
        Write(Good);
        using var source = Open();
        var told = 0;
        source.Changed += (_, _) => told++;
        Write("groups: 1\n");
        source.TryReload();
        Write("# mended\n" + Good);

        Assert.Equal(PolicyReload.Loaded, source.TryReload());

        Assert.Null(source.LastError);
        Assert.Equal(0, told);
    }

    [Fact]
    public void Reload_DeletedFile_KeepsThePolicy()
    {
        Write(Good);
        using var source = Open();
        System.IO.File.Delete(File);

        Assert.Equal(PolicyReload.Refused, source.TryReload());
        Assert.Equal(PolicyReload.Unchanged, source.TryReload());
        Assert.Equal(["a"], source.Current.Groups.Keys);

        Write(Good);
        Assert.Equal(PolicyReload.Loaded, source.TryReload());
        Assert.Null(source.LastError);
    }

    [Fact]
    public void Poll_NoticesAChangeByItself()
    {
        Write(Good);
        using var source = Open();
        Write(Good + "  b: { tier: free }\n");

        _time.FireTimers();

        Assert.Equal(["a", "b"], source.Current.Groups.Keys);
    }

    [Fact]
    public void Poll_SubscriberThrows_IsLoggedAndWatchingGoesOn()
    {
        Write(Good);
        using var source = Open();
        source.Changed += (_, _) => throw new InvalidOperationException("subscriber");
        Write(Good + "  b: { tier: free }\n");
        _time.FireTimers();
        Write(Good + "  c: { tier: free }\n");
        _time.FireTimers();

        Assert.Equal(["a", "c"], source.Current.Groups.Keys);
        Assert.Equal(2, _log.Entries.Count(e => e.Event == 2003));
    }

    [Fact]
    public async Task Watcher_OfTheFileSystem_NoticesAChange()
    {
        Write(Good);
        var options = Options.Create(new PolicyFileOptions { Path = File, PollSeconds = 3600, SettleMilliseconds = 0 });
        using var source = new PolicyFileSource(options, TimeProvider.System, _log);
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.Changed += (_, _) => changed.TrySetResult();

        Write(Good + "  b: { tier: free }\n");

        await changed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(["a", "b"], source.Current.Groups.Keys);
    }

    private PolicyFileSource Open() => new(Options.Create(new PolicyFileOptions { Path = File }), _time, _log);

    private void Write(string text) => System.IO.File.WriteAllText(File, text);
}
