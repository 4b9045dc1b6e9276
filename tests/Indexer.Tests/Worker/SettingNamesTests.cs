using System.Diagnostics;
using AiPlatform.Indexer.Tests.Support;
using AiPlatform.Indexer.Worker;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Tests.Worker;

/// <summary>A setting that nobody reads stops the start.</summary>
public sealed class SettingNamesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("OpenSearch:Node", "OpenSearch:Nodes")]
    [InlineData("OpenSearch:Ranking:Cosin", "OpenSearch:Ranking:Cosine")]
    [InlineData("Embeddings:Modell", "Embeddings:Model")]
    [InlineData("S3:ServiceUri", "S3:ServiceUrl")]
    [InlineData("Feeds:AllowInternals", "Feeds:AllowInternal")]
    [InlineData("Feeds:Authorization:0:Hots", "Feeds:Authorization:0:Host")]
    [InlineData("Worker:Nam", "Worker:Name")]
    [InlineData("Reindex:MaxRuning", "Reindex:MaxRunning")]
    public void MisspeltName_StopsTheStart_WithTheOneThatWasMeant(string written, string meant)
    {
        var wrong = Assert.Throws<OptionsValidationException>(() => WorkerHost.Build(_folder["data"], [$"--{written}=1"], quiet: true));
        Assert.Contains($"{written} is not known. Did you mean {meant}?", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AllOfASection_AreToldAtOnce_AndWhatTheHostSetsIsNoSetting()
    {
        var wrong = Assert.Throws<OptionsValidationException>(() => WorkerHost.Build(_folder["data"], ["--Reindex:DataDirectory=x", "--Reindex:Zzzzz=1"], quiet: true));
        Assert.Equal(2, wrong.Failures.Count());
        Assert.All(wrong.Failures, f => Assert.EndsWith("Choose one of MaxRunning, MaxQueued, MaxEnded.", f, StringComparison.Ordinal));
    }

    [Fact]
    public void KnownNames_InAnyCase_ListsAndMaps_AreTaken()
    {
        using var host = WorkerHost.Build(
            _folder["data"],
            ["--opensearch:nodes:0=http://127.0.0.1:1", "--OpenSearch:Ranking:Window=50", "--Feeds:Authorization:0:Host=feeds.example.com", "--S3:ForcePathStyle=true", "--Worker:Enabled=false", "--Embeddings:Provider=none"],
            quiet: true);
        Assert.NotNull(host);
    }

    [Theory]
    [InlineData("S3__ServiceUrl", "nonsense", "S3:ServiceUrl is no http or https URL")]
    [InlineData("Feeds__IdleSeconds", "0", "IdleSeconds")]
    [InlineData("Embeddings__BatchSize", "0", "BatchSize")]
    [InlineData("OpenSearch__IndexPrefx", "x", "Did you mean OpenSearch:IndexPrefix?")]
    public async Task Command_WithAWrongSettingThatItDoesNotUse_SaysSo(string name, string value, string told)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AiPlatform.Indexer.dll"), "generations", "--catalog", "sample", "--data", _folder["data"]])
        {
            RedirectStandardError = true,
        };
        start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.NotEqual(0, process.ExitCode);
        Assert.StartsWith("The settings are wrong.", error, StringComparison.Ordinal);
        Assert.Contains(told, error, StringComparison.Ordinal);
    }
}
