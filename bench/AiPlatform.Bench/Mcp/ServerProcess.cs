using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace AiPlatform.Bench.Mcp;

/// <summary>The built server as a process of its own, on a free port and an empty data folder, asked with the last demo key it prints.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly string _folder;
    private readonly StringBuilder _output = new();

    private ServerProcess(Process process, string folder, string url)
    {
        _process = process;
        _folder = folder;
        Url = url;
    }

    public string Url { get; }

    public string? Key { get; private set; }

    public static async Task<ServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "AiPlatform.McpServer", "release", "AiPlatform.McpServer.dll"));
        if (!File.Exists(program))
        {
            throw new FileNotFoundException("The server is not built: dotnet build -c Release src/McpServer, or name a running one with --url.", program);
        }

        var folder = Directory.CreateTempSubdirectory("aiplatform-bench-").FullName;
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet", [program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RepositoryRoot(),
        };
        start.Environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["AIPLATFORM_DATA"] = folder;
        start.Environment["Policy__Path"] = PolicyWithoutLimits(folder);
        var server = new ServerProcess(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start."), folder, $"http://127.0.0.1:{port}/mcp");
        await server.WaitAsync(port, cancellationToken).ConfigureAwait(false);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().ConfigureAwait(false);
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Ready means: it has printed a key and /health answers 200.</summary>
    private async Task WaitAsync(int port, CancellationToken cancellationToken)
    {
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (!_process.HasExited)
        {
            try
            {
                using var health = await client.GetAsync(new Uri("/health", UriKind.Relative), limit.Token).ConfigureAwait(false);
                if (health.IsSuccessStatusCode && FindKey())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100, limit.Token).ConfigureAwait(false);
        }

        throw new InvalidOperationException($"The server ended at start:{Environment.NewLine}{Output()}");
    }

    private void Note(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }

    private string Output()
    {
        lock (_output)
        {
            return _output.ToString();
        }
    }

    private bool FindKey()
    {
        Key = DemoKey().Matches(Output()).LastOrDefault()?.Value;
        return Key is not null;
    }

    /// <summary>The sample's policy with an enterprise tier that a load generator does not exhaust.</summary>
    private static string PolicyWithoutLimits(string folder)
    {
        var sample = File.ReadAllText(Path.Combine(RepositoryRoot(), "samples", "policy.yaml"));
        const string Tiers = "\ntiers:\n";
        const string Limits = "  enterprise:\n    requestsPerMinute: 1000000000\n    requestsPerDay: 1000000000\n";
        var path = Path.Combine(folder, "bench-policy.yaml");
        File.WriteAllText(path, sample.Contains(Tiers, StringComparison.Ordinal)
            ? sample.Replace(Tiers, Tiers + Limits, StringComparison.Ordinal)
            : sample + Tiers + Limits);
        return path;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AiPlatform.sln")))
            {
                return folder.FullName;
            }
        }

        return Environment.CurrentDirectory;
    }

    [GeneratedRegex("aip_[A-Za-z0-9_-]{20,}")]
    private static partial Regex DemoKey();
}
