using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AiPlatform.Indexer.Console;
using AiPlatform.McpServer.Console;
using AiPlatform.McpServer.Hosting;

namespace AiPlatform.McpServer.Tests.Console;

/// <summary>What a person can put right ends a command in one message and 1, as the executable itself runs it.</summary>
public sealed class StartFailureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aip-start-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("search chair")]
    [InlineData("keys list")]
    [InlineData("")]
    public async Task Command_SettingsWrong_SaysWhichAndFails(string line)
    {
        // The database cannot be made: its folder is a file.
        var data = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(data, "");

        var (code, error) = await RunAsync([.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--data", data]);

        Assert.Equal(IndexerCommands.Failed, code);
        Assert.Contains(data, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_WithoutPolicy_NamesTheFile()
    {
        var (code, error) = await RunAsync(["search", "chair", "--data", _folder]);

        Assert.Equal(IndexerCommands.Failed, code);
        Assert.Contains("policy.yaml", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_AddressTaken_SaysSoAndWhatToDo()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        Environment.SetEnvironmentVariable("Policy__Path", ServerPaths.SamplePolicy);
        try
        {
            var (code, error) = await RunAsync(["--data", _folder, "--urls", "http://127.0.0.1:" + port]);

            Assert.Equal(IndexerCommands.Failed, code);
            Assert.Contains(port, error, StringComparison.Ordinal);
            Assert.Contains("--urls", error, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("Policy__Path", null);
        }
    }

    [Theory]
    [InlineData("OpenSearch__RequestTimeoutSeconds", "abc", "OpenSearch:RequestTimeoutSeconds is 'abc', which is no whole number, or too large a one.")]
    [InlineData("Reindex__MaxRunning", "many", "Reindex:MaxRunning is 'many', which is no whole number, or too large a one.")]
    [InlineData("Worker__Enabled", "perhaps", "Worker:Enabled is 'perhaps', which is neither true nor false.")]
    [InlineData("Embeddings__Provider", "magic", "Embeddings:Provider is 'magic', which is none of Catalog, OpenAi, Bedrock, None.")]
    public async Task Server_ValueThatCannotBeRead_IsOneLine(string variable, string value, string wanted)
    {
        Environment.SetEnvironmentVariable("Policy__Path", ServerPaths.SamplePolicy);
        Environment.SetEnvironmentVariable(variable, value);
        try
        {
            var (code, error) = await RunAsync(["--data", _folder, "--urls", "http://127.0.0.1:0"]);

            Assert.Equal(IndexerCommands.Failed, code);
            Assert.Equal($"The settings are wrong. {wanted}", error.Trim());
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
            Environment.SetEnvironmentVariable("Policy__Path", null);
        }
    }

    private static async Task<(int Code, string Error)> RunAsync(string[] arguments)
    {
        await using var opened = new OpenedPlatforms();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await IndexerCommands.RunAsync(ServerCommand.Create(arguments, opened), arguments, output, error, CancellationToken.None);
        return (code, error.ToString());
    }
}
