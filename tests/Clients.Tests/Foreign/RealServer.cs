using System.Text.Json;
using AiPlatform.Clients.Tests.Support;
using AiPlatform.EndToEnd.Tests;
using ModelContextProtocol.Client;

namespace AiPlatform.Clients.Tests.Foreign;

/// <summary>The real executable with the demo's keys and catalog, over HTTP and, for whoever starts it again, over standard input and output.</summary>
public sealed class RealServer : IAsyncLifetime
{
    public const string Administrators = "administrators";
    public const string Europe = "eu-retail";
    public const string America = "us-wholesale";

    private static readonly string[] ReaderTools = ["search_products", "get_products", "find_similar_products", "list_facets", "suggest_queries", "whoami"];
    private static readonly string[] OperatorTools = ["start_reindex", "get_reindex", "cancel_reindex", "rollback_index"];

    private readonly string _folder = Directory.CreateTempSubdirectory("aiplatform-clients-").FullName;
    private Dictionary<string, string> _settings = [];
    private ServerProcess? _process;

    public async Task InitializeAsync()
    {
        _settings = SlowCatalog.Write(_folder);
        _settings["Policy__Path"] = await WritePolicyAsync();
        _process = await ServerProcess.StartAsync(Path.Combine(_folder, "data"), _settings);
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    public Uri Endpoint => new(_process!.Address, "/mcp");

    public string KeyOf(string group) => _process!.Keys[group];

    /// <summary>What a script needs in order to connect, and what must come back.</summary>
    internal Dictionary<string, string> PlanFor(string group, Wire wire, string mode, string revision)
    {
        var oracle = SampleOracle.Of(group);
        var isOperator = group == Administrators;
        var plan = JsonSerializer.Serialize(new
        {
            url = Endpoint.ToString(),
            key = KeyOf(group),
            command = wire == Wire.Stdio ? Command() : null,
            environment = wire == Wire.Stdio ? Environment(group) : null,
            mode,
            revision,
            tools = isOperator ? ReaderTools.Concat(OperatorTools) : ReaderTools,
            resources = (string[])["catalog://sample"],
            templates = (string[])["product://{catalog}/{id}"],
            prompts = (string[])["find_product", "compare_products", "complement_product"],
            category = SampleOracle.Category,
            ids = oracle.Ids,
            product = new { id = oracle.Ids[0], name = oracle.ProductName },
            hidden = oracle.Hidden,
            reindex = isOperator,
            slowCatalog = SlowCatalog.Name,
        });
        return new Dictionary<string, string> { ["PLAN"] = plan };
    }

    /// <summary>How a client starts a server of its own.</summary>
    internal string[] Command() => ["dotnet", ServerProcess.Program, "--stdio", "--data", Path.Combine(_folder, "data")];

    internal Dictionary<string, string> Environment(string group) => new(_settings)
    {
        ["AIPLATFORM_API_KEY"] = KeyOf(group),
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
    };

    /// <summary>The sample's policy, with room for all clients of a test run in one minute.</summary>
    private async Task<string> WritePolicyAsync()
    {
        const string Tiers = "\ntiers:\n";
        var sample = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", "policy.yaml"));
        Assert.Contains(Tiers, sample, StringComparison.Ordinal);
        var path = Path.Combine(_folder, "policy.yaml");
        await File.WriteAllTextAsync(path, sample.Replace(Tiers, Tiers + "  basic:\n    requestsPerMinute: 100000\n    requestsPerDay: 10000000\n", StringComparison.Ordinal));
        return path;
    }

    internal Task<McpClient> ConnectAsync(string group, Wire wire, string revision)
    {
        IClientTransport transport = wire == Wire.Http
            ? new HttpClientTransport(new HttpClientTransportOptions
            {
                Endpoint = Endpoint,
                TransportMode = HttpTransportMode.StreamableHttp,
                AdditionalHeaders = new Dictionary<string, string> { ["X-API-Key"] = KeyOf(group) },
            })
            : new StdioClientTransport(new StdioClientTransportOptions
            {
                Command = Command()[0],
                Arguments = Command()[1..],
                EnvironmentVariables = Environment(group).ToDictionary(v => v.Key, v => (string?)v.Value),
            });
        return McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = revision });
    }
}
