using System.Diagnostics;
using System.Text.Json;

namespace AiPlatform.EndToEnd.Tests;

/// <summary>The built server over standard input and output, driven by bytes.</summary>
internal sealed class StdioProcess : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _error;

    private StdioProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>Starts it with the key in the environment; null for none.</summary>
    public static StdioProcess Start(string dataDirectory, string? key, params string[] arguments) => Start(dataDirectory, key, new Dictionary<string, string>(), arguments);

    /// <summary>The same with settings in the environment.</summary>
    public static StdioProcess Start(string dataDirectory, string? key, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var start = ServerProcess.StartInfo(dataDirectory, ["--stdio", .. arguments]);
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        if (key is not null)
        {
            start.Environment["AIPLATFORM_API_KEY"] = key;
        }

        return new StdioProcess(Process.Start(start)!);
    }

    public static string Call(int id, string tool) => $$$$"""{"jsonrpc":"2.0","id":{{{{id}}}},"method":"tools/call","params":{"name":"{{{{tool}}}}","arguments":{}}}""";

    public async Task SendAsync(string line)
    {
        await _process.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync();
    }

    public async Task<JsonElement> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return JsonElement.Parse(await _process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new EndOfStreamException("The server closed its output:\n" + await _error));
    }

    /// <summary>Stops reading what it says.</summary>
    public void CloseOutput() => _process.StandardOutput.Close();

    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits for its end. What is left of its output, and all of its errors.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync(bool readOutput = true)
    {
        using var patience = new CancellationTokenSource(Patience);
        var output = readOutput ? await _process.StandardOutput.ReadToEndAsync(patience.Token) : "";
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, output, await _error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
