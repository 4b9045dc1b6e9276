using System.Collections.Immutable;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Gates;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Indexer.Tests.Gates;

public sealed class ReindexGatesTests : IDisposable
{
    private readonly IndexFixture _index = new();
    private readonly RecordingAudit _audit = new();

    public void Dispose() => _index.Dispose();

    [Fact]
    public async Task Run_SoundGeneration_PassesEveryGate()
    {
        var report = await RunAsync(Source(60));
        Assert.Equal(GateNames.All, report.Gates.Select(g => g.Gate));
        Assert.All(report.Gates, g => Assert.True(g.Passed, g.Detail));
        Assert.Equal([GateNames.Deleted, GateNames.Canaries, GateNames.Relevance], report.Gates.Where(g => g.Skipped).Select(g => g.Gate));
    }

    [Fact]
    public async Task Leak_ForbiddenProductGiven_IsRefusedAndCannotBeOverridden()
    {
        await RunAsync(Source(60));
        var leaking = new FaultyStore(_index.Engine) { Look = i => new LyingIndex(i) { As = _ => _index.System } };
        await RefusedAsync("leak_found", GateNames.Leaks, Source(61), leaking);
        var counting = new FaultyStore(_index.Engine) { Look = i => new LyingIndex(i) { List = c => c with { VisibleProducts = c.VisibleProducts + 1 } } };
        await RefusedAsync("leak_found", GateNames.Leaks, Source(61), counting);
        var thrown = await Assert.ThrowsAsync<ReindexException>(() => RunAsync(Source(61), leaking, r => r with { Overrides = Override(GateNames.Leaks) }));
        Assert.Equal("invalid_override", thrown.Code);
        Assert.Equal(1, await _index.LiveAsync());
        Assert.Equal(2, (await RunAsync(Source(61))).Generation!.Number);
    }

    [Fact]
    public async Task Engine_AwayInTheMiddleOfAGate_IsWaitedFor()
    {
        var asked = 0;
        var store = new FaultyStore(_index.Engine) { Look = i => new LyingIndex(i) { Change = p => Interlocked.Increment(ref asked) == 3 ? throw new EngineAway(transient: true) : p } };
        var report = await RunAsync(Source(60), store);
        Assert.All(report.Gates, g => Assert.True(g.Passed, g.Detail));
        Assert.True(asked > 3);
    }

    [Fact]
    public async Task Engine_BrokenForGood_EndsTheRun()
    {
        var store = new FaultyStore(_index.Engine) { Look = i => new LyingIndex(i) { Change = _ => throw new EngineAway(transient: false) } };
        await Assert.ThrowsAsync<EngineAway>(() => RunAsync(Source(60), store));
        Assert.Equal(0, await _index.LiveAsync());
    }

    [Fact]
    public async Task Parity_FieldReadsBackOtherwise_IsRefusedNamingIt()
    {
        var store = new FaultyStore(_index.Engine) { Look = i => new LyingIndex(i) { Change = p => p with { Price = p.Price + 1 } } };
        var gate = await RefusedAsync("parity_failed", GateNames.Parity, Source(60), store);
        Assert.Equal(60, gate.Measured);
        Assert.Contains("price", gate.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vectors_TooFew_AreRefused()
    {
        var none = new FixedEmbedders("remote", 4) { Answer = a => [.. a.Select(_ => ReadOnlyMemory<float>.Empty)] };
        var thrown = await Assert.ThrowsAsync<ReindexException>(() => _index.RunAsync(_index.Request(Source(60)), provider: none));
        Assert.Equal(("vector_coverage", 0d, .5), (thrown.Code, thrown.Gate!.Measured, thrown.Gate.Threshold));
        Assert.True((await _index.RunAsync(_index.Request(Source(60)) with { Gates = new GateSettings { MinVectorCoverage = 0 } }, provider: none)).Generation!.Number > 0);
    }

    [Fact]
    public async Task Canaries_NotAnswered_AreRefusedUnlessAllowed()
    {
        var file = _index.Folder.Write("canaries.jsonl", """
            {"query":"kettle","top":20,"mustContain":["p2"]}
            {"query":"lamp","mustContain":["p999"]}
            {"query":"phone","mustNotContain":["p4"]}
            """);
        var settings = new GateSettings { Canaries = file };
        var gate = await RefusedAsync("canary_failed", GateNames.Canaries, Source(30), with: r => r with { Gates = settings });
        Assert.Equal((2d, 0d), (gate.Measured, gate.Threshold));
        await RunAsync(Source(30), with: r => r with { Gates = settings with { MaxCanaryFailures = 2 } });
        _index.Folder.Write("canaries.jsonl", """{"query":"lamp","mustContian":["p1"]}""");
        var thrown = await Assert.ThrowsAsync<ReindexException>(() => RunAsync(Source(31), with: r => r with { Gates = settings }));
        Assert.Equal("invalid_gate_file", thrown.Code);
        Assert.Contains("line 1", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Relevance_WorseThanLive_IsRefusedWithBothNumbers()
    {
        var queries = _index.Folder.Write("queries.tsv", "query_id\tquery\n1\tkettle\n2\tunjudged\n");
        var judgments = _index.Folder.Write("labels.tsv", "query_id\tproduct_id\tgain\n1\tp2\t1\n1\tp9\t1\n1\tp16\t1\n");
        var settings = new GateSettings { JudgedQueries = queries, Judgments = judgments, MinRelevance = .1 };
        await RunAsync(Source(30), with: r => r with { Gates = settings });
        var worse = new FaultyStore(_index.Engine) { Look = i => new LyingIndex(i) { Page = p => p with { Hits = p.Hits.RemoveAll(h => h.Id == "p2") } } };
        var gate = await RefusedAsync("relevance_dropped", GateNames.Relevance, Source(31), worse, r => r with { Gates = settings });
        Assert.True(gate.Measured < gate.Threshold);
        await RunAsync(Source(31), worse, r => r with { Gates = settings with { MaxRelevanceDrop = 1 } });
    }

    [Fact]
    public async Task Override_OfARefusingGate_IsAuditedAndReported()
    {
        await RunAsync(Source(60));
        await RefusedAsync("too_many_deleted", GateNames.Deleted, Source(20));
        Assert.Empty(_audit.Entries);
        var report = await RunAsync(Source(20), with: r => r with { Overrides = Override(GateNames.Deleted) });
        var opened = Assert.Single(report.Gates, g => g.OverrideReason is not null);
        Assert.Equal((GateNames.Deleted, false, "season is over"), (opened.Gate, opened.Passed, opened.OverrideReason));
        var entry = Assert.Single(_audit.Entries);
        Assert.Contains("gate 'deleted' of catalog 'test' overridden", entry, StringComparison.Ordinal);
        Assert.Contains("season is over", entry, StringComparison.Ordinal);
        Assert.Contains(_index.System.Subject, entry, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense", "a good reason")]
    [InlineData("deleted", "why")]
    [InlineData("leaks", "a good reason")]
    public async Task Override_OfNoGateOrWithoutAReason_IsRefusedBeforeAnythingIsRead(string gate, string reason)
    {
        var overrides = ImmutableSortedDictionary<string, string>.Empty.Add(gate, reason);
        var thrown = await Assert.ThrowsAsync<ReindexException>(() => RunAsync("no-such-file.jsonl", with: r => r with { Overrides = overrides }));
        Assert.Equal("invalid_override", thrown.Code);
    }

    private static ImmutableSortedDictionary<string, string> Override(string gate) => ImmutableSortedDictionary<string, string>.Empty.Add(gate, "season is over");

    private string Source(int count) => _index.Source(
        Enumerable.Range(0, count), null, i => $$""","level":"{{(i % 3 == 0 ? "internal" : "public")}}","groups":["{{(i % 4 == 0 ? "partners" : "everyone")}}"]""");

    private Task<ReindexReport> RunAsync(string source, ICatalogStore? store = null, Func<ReindexRequest, ReindexRequest>? with = null)
    {
        var gates = new ReindexGates(_index.Engine, null, _audit, TimeProvider.System, NullLogger<ReindexGates>.Instance);
        var request = _index.Request(source);
        return _index.RunAsync(with?.Invoke(request) ?? request, store, gates: gates);
    }

    private async Task<GateResult> RefusedAsync(string code, string gate, string source, ICatalogStore? store = null, Func<ReindexRequest, ReindexRequest>? with = null)
    {
        var live = await _index.LiveAsync();
        var thrown = await Assert.ThrowsAsync<ReindexException>(() => RunAsync(source, store, with));
        Assert.Equal((code, gate), (thrown.Code, thrown.Gate!.Gate));
        Assert.Contains("The catalog is left as it is.", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(live, await _index.LiveAsync());
        return thrown.Gate;
    }

    private sealed class EngineAway(bool transient) : CatalogEngineException("engine_away", "The engine is away.", null)
    {
        public override bool IsTransient => transient;
    }
}
