using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AiPlatform.EndToEnd.Tests;

/// <summary>The built executables, each as a process of its own over a data folder of the test's.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const string Server = "McpServer";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;

    private ServerProcess(Process process, string output, Uri address)
    {
        _process = process;
        Output = output;
        Address = address;
    }

    /// <summary>What was printed until the server was ready.</summary>
    public string Output { get; }

    public Uri Address { get; }

    /// <summary>The printed client configuration: key by server name; empty when none was printed.</summary>
    public IReadOnlyDictionary<string, string> Keys
    {
        get
        {
            var start = Output.IndexOf("\n{\n", StringComparison.Ordinal);
            if (start < 0)
            {
                return new Dictionary<string, string>();
            }

            var end = Output.IndexOf("\n}\n", start, StringComparison.Ordinal);
            using var configuration = JsonDocument.Parse(Output[start..(end + 2)]);
            return configuration.RootElement.GetProperty("mcpServers").EnumerateObject().ToDictionary(
                s => s.Name["aiplatform-".Length..],
                s => s.Value.GetProperty("headers").GetProperty("X-API-Key").GetString()!);
        }
    }

    /// <summary>The server's assembly, for those who start it themselves.</summary>
    public static string Program => ProgramOf(Server);

    /// <summary>Starts the server on a free port and waits until it is ready.</summary>
    /// <param name="dataDirectory">Where its state is; made when missing.</param>
    /// <param name="settings">Environment variables of the process besides those of the tests.</param>
    public static async Task<ServerProcess> StartAsync(string dataDirectory, IReadOnlyDictionary<string, string>? settings = null)
    {
        var process = Launch(Server, dataDirectory, ["--urls", "http://127.0.0.1:0"], settings);
        var output = new StringBuilder();
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
            {
                output.Append(line).Append('\n');
                if (line.Contains("Application started", StringComparison.Ordinal))
                {
                    var text = output.ToString();
                    // Nobody reads on otherwise, and a full pipe would stop the server.
                    _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                    return new ServerProcess(process, text, new Uri(Listening().Match(text).Groups[1].Value));
                }
            }

            throw new InvalidOperationException($"The server ended before it was ready:\n{output}\n{await process.StandardError.ReadToEndAsync(timeout.Token)}");
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Indexes a file with the indexer's own executable.</summary>
    public static Task<(int ExitCode, string Output)> IndexAsync(string dataDirectory, string source, string mapping, string catalog) =>
        EndAsync(Launch("Indexer", dataDirectory, ["reindex", "--source", source, "--mapping", mapping, "--catalog", catalog]));

    /// <summary>Runs one command to its end.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(string dataDirectory, params string[] arguments) => EndAsync(Launch(Server, dataDirectory, arguments));

    public Task<McpClient> ConnectAsync(string key, string version) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(Address, "/mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["X-API-Key"] = key },
        }),
        new McpClientOptions { ClientInfo = new Implementation { Name = "end-to-end", Version = "1" }, ProtocolVersion = version });

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static async Task<(int ExitCode, string Output)> EndAsync(Process started)
    {
        using var process = started;
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            var error = process.StandardError.ReadToEndAsync(timeout.Token);
            var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);

            // What a script reads of a success is the standard output alone: warnings beside it must not break its JSON.
            return (process.ExitCode, process.ExitCode == 0 ? output : output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Built beside this project, in the same configuration.</summary>
    private static string ProgramOf(string project)
    {
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", $"AiPlatform.{project}", configuration, $"AiPlatform.{project}.dll"));
    }

    /// <summary>How the server is started with these arguments, with all its streams in the test's hands.</summary>
    internal static ProcessStartInfo StartInfo(string dataDirectory, params string[] arguments)
    {
        var start = StartInfo(Server, dataDirectory, arguments);
        start.RedirectStandardInput = true;
        return start;
    }

    /// <summary>Starts one of the built executables.</summary>
    public static Process Launch(string project, string dataDirectory, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings = null)
    {
        var start = StartInfo(project, dataDirectory, arguments);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static ProcessStartInfo StartInfo(string project, string dataDirectory, IEnumerable<string> arguments)
    {
        // A test run in the background of a shell ignores SIGINT, and so would the server: env gives it back its meaning.
        var start = new ProcessStartInfo(OperatingSystem.IsLinux() ? "env" : "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in OperatingSystem.IsLinux() ? ["--default-signal=INT", "dotnet", ProgramOf(project)] : (string[])[ProgramOf(project)])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var argument in arguments.Concat(["--data", dataDirectory]))
        {
            start.ArgumentList.Add(argument);
        }

        start.WorkingDirectory = Directory.CreateDirectory(dataDirectory).FullName;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment.Remove("AIPLATFORM_API_KEY");
        return start;
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}
