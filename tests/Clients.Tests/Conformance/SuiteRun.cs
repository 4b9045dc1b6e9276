using System.Text.Json;
using AiPlatform.Clients.Tests.Support;

namespace AiPlatform.Clients.Tests.Conformance;

/// <summary>One run of the official suite against the host, and what it found, by scenario. A run takes seconds, so all cases of a class share one.</summary>
public abstract class SuiteRun : IAsyncLifetime
{
    private readonly ConformanceHost _host = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("aiplatform-conformance-").FullName;
    private readonly string _package;
    private readonly string[] _selection;
    private string _said = "";

    /// <param name="package">Name of the suite's package in the npm folder.</param>
    /// <param name="selection">Which scenarios to run.</param>
    protected SuiteRun(string package, params string[] selection) => (_package, _selection) = (package, selection);

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

    /// <summary>Fails unless the scenario was run and every check of it succeeded. A warning counts as a failure.</summary>
    /// <param name="scenario">Name of the scenario.</param>
    /// <param name="tolerated">Ids of checks that may warn.</param>
    public void AssertPassed(string scenario, params string[] tolerated)
    {
        NpmFolder.Require();
        var folder = Directory.EnumerateDirectories(_folder).SingleOrDefault(f => NameOf(f) == scenario);
        Assert.True(folder is not null, $"{scenario} was not run:\n{_said}");
        var checks = JsonElement.Parse(File.ReadAllText(Path.Combine(folder!, "checks.json"))).EnumerateArray().ToList();
        var wrong = checks.FindAll(c => StatusOf(c) == "FAILURE" || (StatusOf(c) == "WARNING" && !tolerated.Contains(c.GetProperty("id").GetString())));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Contains(checks, c => StatusOf(c) == "SUCCESS" || tolerated.Length > 0);
    }

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
