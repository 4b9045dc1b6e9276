using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AiPlatform.Bench.Mcp;

/// <summary>The built server as a process of its own, on a free port and a temporary data folder, with an administrator's key and no limits worth the name.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Group = "administrators";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly string _folder;
    private readonly StringBuilder _output = new();

    private ServerProcess(Process process, string folder, int port, string key)
    {
        _process = process;
        _folder = folder;
        Url = $"http://127.0.0.1:{port}/mcp";
        Key = key;
    }

    public string Url { get; }

    public string Key { get; }

    /// <summary>Indexes, makes a key, starts, and waits until the server is ready.</summary>
    /// <param name="catalog">What to index and serve; null for the sample, which the server indexes itself at its first start in development.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<ServerProcess> StartAsync(ServedCatalog? catalog, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("aiplatform-bench-").FullName;
        try
        {
            var policy = await WritePolicyAsync(folder, cancellationToken).ConfigureAwait(false);
            if (catalog is not null)
            {
                var indexer = BuiltProgram.Prepare(
                    "Indexer", "reindex", "--source", Path.GetFullPath(catalog.Source), "--mapping", Path.GetFullPath(catalog.Mapping), "--catalog", catalog.Name, "--data", folder);
                await BuiltProgram.RunAsync(indexer, cancellationToken).ConfigureAwait(false);
            }

            var environment = catalog is null ? "Development" : "Production";
            var keys = Server(environment, policy, "keys", "create", "--name", "bench", "--group", Group, "--attribute", "region=EU", "--json", "--data", folder);
            using var issued = JsonDocument.Parse(await BuiltProgram.RunAsync(keys, cancellationToken).ConfigureAwait(false));
            var port = FreePort();
            var start = Server(environment, policy, "--data", folder, "--urls", $"http://127.0.0.1:{port}");
            var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
            var server = new ServerProcess(process, folder, port, issued.RootElement.GetProperty("secret").GetString()!);
            return await server.ReadyAsync(port, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            throw;
        }
    }

    /// <summary>Processor time the server has used so far, all threads together.</summary>
    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>The most memory that was resident, in MB.</summary>
    public double PeakMegabytes()
    {
        _process.Refresh();
        return _process.PeakWorkingSet64 / 1_048_576.0;
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

    /// <summary>Ready means: <c>/health</c> answers 200.</summary>
    private async Task<ServerProcess> ReadyAsync(int port, CancellationToken cancellationToken)
    {
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            await WaitAsync(port, cancellationToken).ConfigureAwait(false);
            return this;
        }
        catch
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task WaitAsync(int port, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (!_process.HasExited)
        {
            try
            {
                using var health = await client.GetAsync(new Uri("/health", UriKind.Relative), limit.Token).ConfigureAwait(false);
                if (health.IsSuccessStatusCode)
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

    private static ProcessStartInfo Server(string environment, string policy, params string[] arguments)
    {
        var start = BuiltProgram.Prepare("McpServer", arguments);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        start.Environment["Policy__Path"] = policy;
        return start;
    }

    /// <summary>The sample's policy with an enterprise tier that a load generator does not exhaust.</summary>
    private static async Task<string> WritePolicyAsync(string folder, CancellationToken cancellationToken)
    {
        const string Tiers = "\ntiers:\n";
        const string Limits = "  enterprise:\n    requestsPerMinute: 1000000000\n    requestsPerDay: 1000000000\n";
        var sample = await File.ReadAllTextAsync(Path.Combine(BuiltProgram.RepositoryRoot(), "samples", "policy.yaml"), cancellationToken).ConfigureAwait(false);
        var path = Path.Combine(folder, "bench-policy.yaml");
        var policy = sample.Contains(Tiers, StringComparison.Ordinal)
            ? sample.Replace(Tiers, Tiers + Limits, StringComparison.Ordinal)
            : throw new InvalidDataException("samples/policy.yaml declares no tiers.");
        await File.WriteAllTextAsync(path, policy, cancellationToken).ConfigureAwait(false);
        return path;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
