using System.Text.Json;
using AiPlatform.Clients.Tests.Support;

namespace AiPlatform.Clients.Tests.Conformance;

/// <summary>
/// One run of the official suite against the host, and what it found, by scenario. A run takes seconds, so all cases of a class share one.
/// The suite gives up some answers after 500 or 600 ms from its own call on, connecting and its own process included: no server can promise that on a machine that is busy
/// with other tests. A scenario with such a check is run once more, by itself, and the test's output says so; whatever else fails, fails at once.
/// </summary>
public abstract class SuiteRun : IAsyncLifetime
{
    /// <summary>What the suite says of an answer that it gave up waiting for.</summary>
    private static readonly string[] GaveUp =
    [
        "Failed to receive progressive stream chunk", "failed to yield frame structures", "dropped connections unexpectedly",
    ];

    private readonly ConformanceHost _host = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("aiplatform-conformance-").FullName;
    private readonly string _package;
    private readonly string[] _selection;
    private readonly string[] _version;
    private readonly Dictionary<string, string> _repeated = new(StringComparer.Ordinal);
    private string _said = "";

    /// <param name="package">Name of the suite's package in the npm folder.</param>
    /// <param name="selection">Which scenarios to run.</param>
    /// <param name="version">How one scenario of it is selected besides its name.</param>
    protected SuiteRun(string package, string[] selection, params string[] version) => (_package, _selection, _version) = (package, selection, version);

    public async Task InitializeAsync()
    {
        if (!NpmFolder.IsInstalled)
        {
            return;
        }

        await _host.InitializeAsync();
        await _host.WarmUpAsync();
        var run = await NpmFolder.RunAsync(
            Path.Combine("node_modules", _package, "dist", "index.js"),
            ["server", "--url", _host.Endpoint.ToString(), .. _selection, "-o", _folder]);
        _said = run.Output + run.Error;
        foreach (var folder in Directory.GetDirectories(_folder))
        {
            var wrong = Checks(folder).Where(c => StatusOf(c) == "FAILURE").Select(c => c.GetRawText()).ToList();
            if (wrong.Count > 0 && wrong.TrueForAll(w => GaveUp.Any(g => w.Contains(g, StringComparison.Ordinal))))
            {
                await RepeatAsync(folder, string.Join('\n', wrong));
            }
        }
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Names of the scenarios that were run.</summary>
    public IReadOnlySet<string> Scenarios()
    {
        NpmFolder.Require();
        return Directory.EnumerateDirectories(_folder).Select(NameOf).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Why a scenario was run twice; null when it was not.</summary>
    public string? Repeated(string scenario) =>
        _repeated.TryGetValue(scenario, out var why) ? $"{scenario} was run a second time: the suite gave up an answer by a timer of its own.\n{why}" : null;

    /// <summary>Fails unless the scenario was run and every check of it succeeded. A warning counts as a failure.</summary>
    /// <param name="scenario">Name of the scenario.</param>
    /// <param name="tolerated">Ids of checks that may warn.</param>
    public void AssertPassed(string scenario, params string[] tolerated)
    {
        NpmFolder.Require();
        var folder = Directory.EnumerateDirectories(_folder).SingleOrDefault(f => NameOf(f) == scenario);
        Assert.True(folder is not null, $"{scenario} was not run:\n{_said}");
        var checks = Checks(folder!);
        var wrong = checks.FindAll(c => StatusOf(c) == "FAILURE" || (StatusOf(c) == "WARNING" && !tolerated.Contains(c.GetProperty("id").GetString())));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Contains(checks, c => StatusOf(c) == "SUCCESS" || tolerated.Length > 0);
    }

    /// <summary>Runs a scenario again in place of what its folder holds.</summary>
    private async Task RepeatAsync(string folder, string why)
    {
        var scenario = NameOf(folder);
        _repeated[scenario] = why;
        Directory.Delete(folder, recursive: true);
        var again = await NpmFolder.RunAsync(
            Path.Combine("node_modules", _package, "dist", "index.js"),
            ["server", "--url", _host.Endpoint.ToString(), "--scenario", scenario, .. _version, "-o", _folder]);
        _said += again.Output + again.Error;
    }

    private static List<JsonElement> Checks(string folder) =>
        Path.Combine(folder, "checks.json") is var file && File.Exists(file) ? [.. JsonElement.Parse(File.ReadAllText(file)).EnumerateArray()] : [];

    private static string? StatusOf(JsonElement check) => check.GetProperty("status").GetString();

    /// <summary>The suite names a folder <c>server-SCENARIO-TIME</c>.</summary>
    private static string NameOf(string folder)
    {
        var name = Path.GetFileName(folder);
        const string Prefix = "server-";
        const int Time = 25;
        return name[Prefix.Length..^Time];
    }
}
