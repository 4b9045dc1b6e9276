using System.Diagnostics;
using System.Globalization;

namespace AiPlatform.Bench.Mcp;

/// <summary>The peer as a process of its own: an MCP server of the TypeScript SDK over MiniSearch, on a free port, with the sample catalog.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    /// <summary>The key it asks for.</summary>
    public const string Key = "peer-key";

    private const string Ready = "listening ";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private PeerServer(Process process, int port)
    {
        _process = process;
        Url = new Uri($"http://127.0.0.1:{port}/mcp");
    }

    public Uri Url { get; }

    private static string Folder => Path.Combine(BuiltProgram.RepositoryRoot(), "bench", "AiPlatform.Bench", "peers", "minisearch-server");

    /// <summary>Starts it.</summary>
    /// <param name="mode">Which of its servers.</param>
    /// <param name="workers">Processes that share the port.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="InvalidOperationException">Its packages are not installed, or it ended at start; the message says what to do.</exception>
    public static async Task<PeerServer> StartAsync(string mode, int workers, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            throw new InvalidOperationException($"The peer's packages are not installed: npm ci --prefix {Path.GetRelativePath(Environment.CurrentDirectory, Folder)}");
        }

        var start = new ProcessStartInfo("node", [Path.Combine(Folder, "server.mjs")]) { RedirectStandardOutput = true };
        start.Environment["NODE_ENV"] = "production";
        start.Environment["MODE"] = mode;
        start.Environment["WORKERS"] = workers.ToString(CultureInfo.InvariantCulture);
        start.Environment["KEY"] = Key;
        start.Environment["CATALOG"] = Path.Combine(BuiltProgram.RepositoryRoot(), "samples", "catalog", "products.jsonl");
        var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(limit.Token).ConfigureAwait(false);
            return line?.StartsWith(Ready, StringComparison.Ordinal) == true
                ? new PeerServer(process, int.Parse(line.AsSpan(Ready.Length), CultureInfo.InvariantCulture))
                : throw new InvalidOperationException($"The peer did not start: {line}");
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
            throw;
        }
    }

    /// <summary>Version of the Node that runs it.</summary>
    public static async Task<string> NodeVersionAsync(CancellationToken cancellationToken) =>
        (await BuiltProgram.RunAsync(new ProcessStartInfo("node", ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true }, cancellationToken).ConfigureAwait(false)).Trim();

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
    }
}
