using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace AiPlatform.EndToEnd.Tests;

/// <summary>The entry that <c>connect --stdio</c> prints starts the server wherever the client happens to be, with nothing but what stands in it.</summary>
public sealed class LaunchTests : IDisposable
{
    private const string Policy = """
        version: 1
        groups:
          staff: { displayName: Staff, tier: basic, dataAccessLevel: public, permissions: [ { resource: products, actions: [read] } ] }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("aiplatform-launch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Development", "partners")]
    [InlineData("Production", "staff")]
    public async Task PrintedEntry_FromAnotherFolder_StartsTheServer(string environment, string group)
    {
        var home = Directory.CreateDirectory(Path.Combine(_folder, "home")).FullName;
        if (environment == "Production")
        {
            await File.WriteAllTextAsync(Path.Combine(home, "policy.yaml"), Policy);
        }

        var made = await RunAsync(home, environment, "keys", "create", "--name", "client", "--group", group);
        var key = made.Split('\n').Select(l => l.Trim()).Single(l => l.StartsWith("aip_", StringComparison.Ordinal));
        var printed = JsonElement.Parse(await RunAsync(home, environment, "connect", "--stdio", "--client", "claude-desktop", "--key", key, "--json"));
        var entry = JsonElement.Parse(printed[0].GetProperty("text").GetString()!).GetProperty("mcpServers").GetProperty("aiplatform");

        Assert.Equal(environment, entry.GetProperty("env").GetProperty("ASPNETCORE_ENVIRONMENT").GetString());
        using var server = Process.Start(StartOf(entry))!;
        try
        {
            await server.StandardInput.WriteAsync(StdioProcess.Call(1, "whoami").Replace("\"params\":{", "\"params\":{\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientInfo\":{\"name\":\"t\",\"version\":\"1\"},\"io.modelcontextprotocol/clientCapabilities\":{}},", StringComparison.Ordinal) + "\n");
            await server.StandardInput.FlushAsync();
            using var patience = new CancellationTokenSource(StdioProcess.Patience);
            var answer = await server.StandardOutput.ReadLineAsync(patience.Token);
            if (answer is null)
            {
                Assert.Fail(await server.StandardError.ReadToEndAsync(patience.Token));
            }

            var groups = JsonElement.Parse(answer).GetProperty("result").GetProperty("structuredContent").GetProperty("groups");
            Assert.Equal(group, Assert.Single(groups.EnumerateArray()).GetString());
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
        }
    }

    /// <summary>Runs a command of the server in a folder, which keeps its data in <c>data</c> there.</summary>
    private static async Task<string> RunAsync(string home, string environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [ServerProcess.Program, .. arguments]) { RedirectStandardOutput = true, WorkingDirectory = home };
        Forget(start);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(StdioProcess.Patience);
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, output);
        return output;
    }

    private ProcessStartInfo StartOf(JsonElement entry)
    {
        var start = new ProcessStartInfo(entry.GetProperty("command").GetString()!, entry.GetProperty("args").EnumerateArray().Select(a => a.GetString()!))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Directory.CreateDirectory(Path.Combine(_folder, "elsewhere")).FullName,
        };
        Forget(start);
        foreach (var variable in entry.GetProperty("env").EnumerateObject())
        {
            start.Environment[variable.Name] = variable.Value.GetString();
        }

        return start;
    }

    /// <summary>Nothing of the test's own surroundings shall help.</summary>
    private static void Forget(ProcessStartInfo start)
    {
        foreach (var name in (string[])["ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "AIPLATFORM_DATA", "AIPLATFORM_API_KEY", "Policy__Path"])
        {
            start.Environment.Remove(name);
        }
    }
}
