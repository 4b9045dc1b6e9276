using System.Diagnostics;

namespace AiPlatform.Tests.OpenSearch;

/// <summary>
/// A real node, in the order of what is at hand: the one that <c>OPENSEARCH_URL</c> names, one started by <c>shared/opensearch/start.sh</c> in a folder above the repository, one
/// in docker. <see cref="Missing"/> says why there is none. A started one ends with <see cref="DisposeAsync"/>.
/// </summary>
internal sealed class OpenSearchProcess : IAsyncDisposable
{
    private const string Image = "opensearchproject/opensearch:2.19.1";
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);
    private readonly string[] _settings;
    private readonly bool _secure;
    private readonly string? _script;
    private string? _state;
    private string? _container;

    private OpenSearchProcess(bool secure, string[] settings) =>
        (_secure, _settings, _script) = (secure, settings, Script());

    /// <summary>Why there is no node; null when there is one.</summary>
    public string? Missing { get; private set; }

    /// <summary>Its address.</summary>
    public string Url => _told["OPENSEARCH_URL"];

    /// <summary>The authority of a secure node; empty otherwise.</summary>
    public string CaFile => _told.GetValueOrDefault("OPENSEARCH_CA", "");

    /// <summary>The user of a secure node; empty otherwise.</summary>
    public string User => _told.GetValueOrDefault("OPENSEARCH_USER", "");

    /// <summary>The user's password; empty otherwise.</summary>
    public string Password => _told.GetValueOrDefault("OPENSEARCH_PASSWORD", "");

    /// <summary>Whether it can be killed and started again: one that this test run started by the script.</summary>
    public bool IsOwn => _state is not null;

    /// <summary>Finds or starts a node.</summary>
    /// <param name="secure">With TLS and users; <c>OPENSEARCH_SECURE_URL</c>, <c>OPENSEARCH_CA</c>, <c>OPENSEARCH_USER</c> and <c>OPENSEARCH_PASSWORD</c> then name the one at hand.</param>
    /// <param name="own">Whether it must be one that may be killed.</param>
    /// <param name="settings">Settings of a node of its own.</param>
    public static async Task<OpenSearchProcess> StartAsync(bool secure = false, bool own = false, params string[] settings)
    {
        var node = new OpenSearchProcess(secure, settings);
        if (!own && Environment.GetEnvironmentVariable(secure ? "OPENSEARCH_SECURE_URL" : "OPENSEARCH_URL") is { Length: > 0 } url)
        {
            node._told["OPENSEARCH_URL"] = url;
            foreach (var name in secure ? ["OPENSEARCH_CA", "OPENSEARCH_USER", "OPENSEARCH_PASSWORD"] : Array.Empty<string>())
            {
                node._told[name] = Environment.GetEnvironmentVariable(name) ?? "";
            }
        }
        else if (node._script is not null)
        {
            node._state = Directory.CreateTempSubdirectory("aip-opensearch-").FullName;
            await node.RunAsync(port: 0);
        }
        else if (!secure && !own && OnPath("docker"))
        {
            await node.RunInDockerAsync();
        }
        else
        {
            node.Missing = "There is no OpenSearch: neither OPENSEARCH_URL nor shared/opensearch/start.sh above the repository nor docker; its tests did not run";
        }

        return node;
    }

    /// <summary>Ends the node at once, as a power failure would.</summary>
    public async Task KillAsync()
    {
        if (_told.TryGetValue("OPENSEARCH_PID", out var text) && IsOwn)
        {
            try
            {
                using var process = Process.GetProcessById(int.Parse(text));
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
            catch (ArgumentException)
            {
                // Ended already.
            }
        }
    }

    /// <summary>Starts the killed node again, on its data and its port.</summary>
    public Task RestartAsync() => RunAsync(new Uri(Url).Port);

    public async ValueTask DisposeAsync()
    {
        if (_container is not null)
        {
            await ReadAsync("docker", "rm", "-f", _container);
        }

        await KillAsync();
        if (_state is not null)
        {
            Directory.Delete(_state, recursive: true);
        }
    }

    private static string? Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "shared", "opensearch", "start.sh");
            if (File.Exists(script))
            {
                return script;
            }
        }

        return null;
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(d => File.Exists(Path.Combine(d, program)));

    private static async Task<string> ReadAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await output} {await error}");
    }

    private async Task RunAsync(int port)
    {
        string[] arguments = [_script!, "--state", _state!, "--heap", "512m", "--port", $"{port}", .. _secure ? ["--secure"] : Array.Empty<string>(), .. _settings.SelectMany(s => new[] { "--set", s })];
        foreach (var line in (await ReadAsync("bash", arguments)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = line.IndexOf('=');
            if (equals > 0)
            {
                _told[line[..equals]] = line[(equals + 1)..].Trim();
            }
        }
    }

    private async Task RunInDockerAsync()
    {
        _container = (await ReadAsync("docker", "run", "-d", "-p", "127.0.0.1::9200", "-e", "discovery.type=single-node", "-e", "DISABLE_SECURITY_PLUGIN=true", "-e", "DISABLE_INSTALL_DEMO_CONFIG=true", Image)).Trim();
        _told["OPENSEARCH_URL"] = $"http://{(await ReadAsync("docker", "port", _container, "9200/tcp")).Split('\n')[0].Trim()}";
        using var http = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var health = await http.GetAsync($"{Url}/_cluster/health?wait_for_status=yellow&timeout=60s");
                if (health.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (attempt < 240)
            {
            }

            await Task.Delay(500);
        }
    }
}
