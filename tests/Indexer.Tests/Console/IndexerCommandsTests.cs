using System.CommandLine;
using System.Text.Json;
using AiPlatform.Indexer.Console;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Console;

public sealed class IndexerCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Reindex_Sample_ThenListsRollsBackAndVerifies()
    {
        Assert.Equal(0, await RunAsync("reindex", "--source", Repository.Sample, "--mapping", Repository.Mapping("sample"), "--catalog", "sample"));
        Assert.Contains("generation 1 is live", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("reading: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("reindex", "--source", Repository.Sample, "--mapping", Repository.Mapping("sample"), "--catalog", "sample", "--json"));
        var again = JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.Equal((663, true), (again.GetProperty("kept").GetInt32(), again.GetProperty("unchanged").GetBoolean()));
        Assert.Equal(0, await RunAsync("reindex", "--source", Repository.Sample, "--mapping", Repository.Mapping("sample"), "--catalog", "sample"));
        Assert.Contains("nothing changed, generation 1 stays live", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("reindex", "--source", Repository.Sample, "--mapping", Repository.Mapping("sample"), "--catalog", "sample", "--force", "--json"));
        Assert.False(JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("unchanged").GetBoolean());
        Assert.Equal(0, await RunAsync("generations", "--catalog", "sample"));
        Assert.Equal(2, _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(0, await RunAsync("rollback", "--catalog", "sample"));
        Assert.Contains("generation 3 is live", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("verify", "--catalog", "sample", "--json"));
        Assert.True(JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("sound").GetBoolean());
    }

    [Fact]
    public async Task Reindex_IsInTheHistoryWithModeAndOverrides()
    {
        string[] source = ["--source", Repository.Sample, "--mapping", Repository.Mapping("sample"), "--catalog", "sample"];
        Assert.Equal(0, await RunAsync(["reindex", .. source]));
        Assert.Equal(0, await RunAsync(["reindex", .. source, "--incremental", "--override", "rejected=the season is over"]));
        Assert.Equal(0, await RunAsync(["reindex", .. source, "--force", "--dry-run"]));
        Assert.Equal(0, await RunAsync("jobs", "list", "--json"));
        var jobs = JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("jobs").EnumerateArray().ToArray();

        Assert.Equal(
            [("full", true, true, ""), ("incremental", false, false, "the season is over"), ("full", false, false, "")],
            jobs.Select(j => (j.GetProperty("mode").GetString(), j.GetProperty("force").GetBoolean(), j.GetProperty("dryRun").GetBoolean(), j.GetProperty("overrides").TryGetProperty("rejected", out var reason) ? reason.GetString() : "")));
        Assert.All(jobs, j => Assert.Equal(("succeeded", "system:cli:" + Environment.UserName), (j.GetProperty("state").GetString(), j.GetProperty("requestedBy").GetString())));
        Assert.Equal(0, await RunAsync("jobs", "list"));
        Assert.Contains("  sample  changes succeeded  ", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("  sample  dry run succeeded  ", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reindex")]
    [InlineData("reindex", "--source", "x", "--mapping", "y", "--catalog", "z", "--max-rejected", "many")]
    [InlineData("reindex", "--source", "x", "--mapping", "y", "--catalog", "z", "--max-rejected", "101%")]
    [InlineData("reindex", "--source", "x", "--mapping", "y", "--catalog", "z", "--max-deleted", "101")]
    [InlineData("reindex", "--source", "x", "--mapping", "y", "--catalog", "z", "--max-deleted", "few")]
    [InlineData("reindex", "--source", "x", "--mapping", "no-such-mapping.yaml", "--catalog", "z")]
    [InlineData("rollback")]
    [InlineData("nonsense")]
    public async Task Run_WrongUsage_AnswersTwoAndSaysWhy(params string[] arguments)
    {
        Assert.Equal(2, await RunAsync(arguments));
        Assert.NotEmpty(_error.ToString());
        Assert.DoesNotContain("   at ", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RefusedOrFailed_AnswersOneAndSaysWhy()
    {
        Assert.Equal(1, await RunAsync("reindex", "--source", _folder["none.jsonl"], "--mapping", Repository.Mapping("sample"), "--catalog", "sample"));
        Assert.Contains("none.jsonl", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await RunAsync("rollback", "--catalog", "sample"));
        Assert.Equal(1, await RunAsync("verify", "--catalog", "sample"));
        Assert.Equal(1, await RunAsync("generations", "--catalog", "sample"));
        Assert.Equal(1, await RunAsync("reindex", "--source", Repository.Sample, "--mapping", Repository.Mapping("sample"), "--catalog", "No Such Name"));
    }

    [Fact]
    public async Task Reindex_HalfASource_IsRefusedUnlessAllowed()
    {
        string[] common = ["--mapping", Repository.Mapping("sample"), "--catalog", "sample"];
        var half = _folder["half.jsonl"];
        await File.WriteAllLinesAsync(half, File.ReadLines(Repository.Sample).Take(300));
        Assert.Equal(0, await RunAsync(["reindex", "--source", Repository.Sample, .. common]));
        Assert.Equal(1, await RunAsync(["reindex", "--source", half, .. common]));
        Assert.Contains("363 of 663 products", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await RunAsync(["reindex", "--source", half, .. common, "--max-deleted", "54%"]));
        Assert.Equal(0, await RunAsync(["reindex", "--source", half, .. common, "--dry-run"]));
        Assert.Contains("363 deleted", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync(["reindex", "--source", half, .. common, "--max-deleted", "100%", "--max-rejected", "100%"]));
        Assert.Contains("363 deleted", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reindex_DamagedIndexFile_IsToldByVerify()
    {
        Assert.Equal(0, await RunAsync("reindex", "--source", Repository.Sample, "--mapping", Repository.Mapping("sample"), "--catalog", "sample"));
        var segment = Directory.GetFiles(_folder.Path, "segment-*", SearchOption.AllDirectories).Single();
        var bytes = File.ReadAllBytes(segment);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(segment, bytes);
        Assert.Equal(1, await RunAsync("verify", "--catalog", "sample"));
    }

    [Fact]
    public async Task Reindex_Run_IsAudited()
    {
        Assert.Equal(0, await RunAsync("reindex", "--source", Repository.Sample, "--mapping", Repository.Mapping("sample"), "--catalog", "sample"));
        var state = await File.ReadAllBytesAsync(_folder[StandaloneSession.StateFile]);
        var log = File.Exists(_folder[StandaloneSession.StateFile + "-wal"]) ? await File.ReadAllBytesAsync(_folder[StandaloneSession.StateFile + "-wal"]) : [];
        Assert.True(state.AsSpan().IndexOf("building and swapping catalogs"u8) >= 0 || log.AsSpan().IndexOf("building and swapping catalogs"u8) >= 0);
    }

    private Task<int> RunAsync(params string[] arguments)
    {
        _output.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        var root = new RootCommand();
        foreach (var command in IndexerCommands.All(StandaloneSession.Open, TimeProvider.System).Concat(WorkerCommands.All([])))
        {
            root.Add(command);
        }

        string[] all = arguments is ["nonsense"] ? arguments : [.. arguments, "--data", _folder.Path];
        return IndexerCommands.RunAsync(root, all, _output, _error, CancellationToken.None);
    }
}
