using System.Diagnostics;
using AiPlatform.McpServer.Mcp.Stdio;

namespace AiPlatform.McpServer.Tests.Connect;

/// <summary>A real shell, to see what it makes of a line.</summary>
internal static class PosixShell
{
    private const string Path = "/bin/sh";

    public static bool Exists => File.Exists(Path);

    /// <summary>The words of the line, with the variable of the key set.</summary>
    public static async Task<string[]> WordsAsync(string line, string key)
    {
        var words = await RunAsync($"set -- {line}\nfor word; do printf '%s\\000' \"$word\"; done", key, []);
        return words.Output.Split('\0')[..^1];
    }

    /// <summary>Runs a script to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string script, string key, IEnumerable<KeyValuePair<string, string>> environment, string? folder = null)
    {
        var start = new ProcessStartInfo(Path, ["-c", script]) { RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = folder };
        start.Environment[StdioCredentials.KeyVariable] = key;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, output);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
