using System.Diagnostics;
using AiPlatform.Indexer.Console;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Console;

/// <summary>A setting that is none is told in one line, with its key and what it should be, by the executable itself.</summary>
public sealed class WrongSettingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("OpenSearch:RequestTimeoutSeconds", "abc", "no whole number, or too large a one")]
    [InlineData("Reindex:MaxRunning", "99999999999", "no whole number, or too large a one")]
    [InlineData("Worker:Enabled", "perhaps", "neither true nor false")]
    [InlineData("Feeds:AllowInternal", "maybe", "neither true nor false")]
    [InlineData("Embeddings:Provider", "magic", "none of Catalog, OpenAi, Bedrock, None")]
    [InlineData("Embeddings:PricePerMillionTokens", "cheap", "no number such as 0.5")]
    [InlineData("Catalogs:shop:Gates:LeakScopes", "lots", "no whole number, or too large a one")]
    public async Task Worker_ValueThatCannotBeRead_IsOneLine(string key, string value, string wanted)
    {
        var (exit, output) = await RunAsync(["worker", "--Catalogs:shop:Source=a.jsonl", "--Catalogs:shop:Mapping=b.yaml", $"--{key}={value}"], []);

        Assert.Equal(IndexerCommands.Failed, exit);
        Assert.Equal([$"The settings are wrong. {key} is '{value}', which is {wanted}."], Told(output));
    }

    [Theory]
    [InlineData("OpenSearch__RequestTimeoutSeconds", "abc", "OpenSearch:RequestTimeoutSeconds is 'abc', which is no whole number, or too large a one.")]
    [InlineData("Embeddings__Provider", "magic", "Embeddings:Provider is 'magic', which is none of Catalog, OpenAi, Bedrock, None.")]
    [InlineData("Feeds__AllowInternal", "maybe", "Feeds:AllowInternal is 'maybe', which is neither true nor false.")]
    public async Task Command_ValueThatCannotBeRead_IsOneLine(string variable, string value, string wanted)
    {
        var (exit, output) = await RunAsync(["reindex", "--source", "http://127.0.0.1:1/a.jsonl", "--mapping", Repository.Mapping("sample"), "--catalog", "shop"], new() { [variable] = value });

        Assert.Equal(IndexerCommands.Failed, exit);
        Assert.Equal([$"The settings are wrong. {wanted}"], Told(output));
    }

    private static string[] Told(string output) => [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith("info: ", StringComparison.Ordinal))];

    private async Task<(int Exit, string Output)> RunAsync(string[] arguments, Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "AiPlatform.Indexer.dll"), .. arguments, "--data", _folder["data"]])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        try
        {
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(2));
            await process.WaitForExitAsync();
            return (process.ExitCode, output + await error);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
