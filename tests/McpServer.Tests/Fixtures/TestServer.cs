using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Gates;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Hosting;
using AiPlatform.McpServer.Mcp.Http;
using AiPlatform.McpServer.Mcp.Tools.Reindexing;
using AiPlatform.McpServer.Operations;
using AiPlatform.Search.Embeddings;
using AiPlatform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>The real server on a port of its own, over the oracle index.</summary>
public sealed class TestServer : IAsyncLifetime
{
    public const string Modern = "2026-07-28";
    public const string Legacy = "2025-11-25";

    private readonly Action<IServiceCollection>? _replace;
    private readonly string[] _args;
    private readonly string _state = Path.Combine(Path.GetTempPath(), "aip-state-" + Path.GetRandomFileName());
    private WebApplication? _app;

    public TestServer()
        : this(null)
    {
    }

    internal TestServer(Action<IServiceCollection>? replace, params string[] args)
    {
        _replace = replace;
        _args = args;
        Europe = Keys.Add("europe", "EU", "eu-retail");
        America = Keys.Add("america", "US", "us-wholesale");
        Partner = Keys.Add("partner", "EU", "partners");
        Administrator = Keys.Add("administrator", "EU", "administrators");
        NoProducts = Keys.Add("no-products", "EU", "no-products");
        OtherCatalog = Keys.Add("other-catalog", "EU", "other-catalog");
    }

    public string Europe { get; }

    public string America { get; }

    public string Partner { get; }

    public string Administrator { get; }

    public string NoProducts { get; }

    public string OtherCatalog { get; }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public Uri Endpoint => new(Address, "/mcp");

    public HttpClient Http { get; private set; } = new();

    internal MemoryKeys Keys { get; } = new();

    internal SilentAudit Audit { get; } = new();

    internal RecordedCalls Calls { get; } = new();

    internal FixedPolicy Policy { get; } = new();

    internal OracleIndex Index { get; } = new(TestCatalog.All, TimeProvider.System);

    internal LegacySessions Sessions => _app!.Services.GetRequiredService<LegacySessions>();

    internal IServiceProvider Services => _app!.Services;

    public async Task InitializeAsync()
    {
        _app = ServerHost.Build(["--urls=http://127.0.0.1:0", "--Catalogs:sample:Source=none.jsonl", "--Catalogs:sample:Mapping=none.yaml", .. _args], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<IApiKeyStore>(Keys);
            builder.Services.AddSingleton<IAccessAudit>(Audit);
            builder.Services.AddSingleton<IServerSeal>(new FixedSeal());
            builder.Services.AddSingleton<ICallAudit>(Calls);
            builder.Services.AddSingleton<IAccessPolicySource>(Policy);
            builder.Services.AddSingleton<ICatalogIndex>(Index);
            builder.Services.AddSingleton<ICatalogStore, EmptyStore>();
            builder.Services.AddSingleton<IEmbedderProvider>(new CatalogEmbedderProvider(new CatalogEmbedderOptions(), NullLogger<CatalogEmbedderProvider>.Instance));
            builder.Services.AddReindexGates();
            builder.Services.AddSingleton<ReindexJob>();
            // Opened with the first job, so that the many tests without one do not pay for it.
            builder.Services.AddReindexJobStore(storage => storage.Path = Path.Combine(_state, "state.db"));
            builder.Services.AddReindexTools(builder.Configuration);
            _replace?.Invoke(builder.Services);
        });
        _app.Services.GetRequiredService<ReadyState>().MarkReady();
        await _app.StartAsync();
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        if (Directory.Exists(_state))
        {
            Directory.Delete(_state, recursive: true);
        }
    }

    /// <summary>The scope the server gives a key.</summary>
    internal AccessScope ScopeOf(string key) =>
        Services.GetRequiredService<ScopeMemory>().GetOrIssue(Keys.AuthenticateAsync(key, CancellationToken.None).AsTask().GetAwaiter().GetResult()!).Scope;

    /// <summary>The SDK's client, in a given revision.</summary>
    public async Task<McpClient> ConnectAsync(string key, string version = Modern, string? groupContext = null)
    {
        var headers = new Dictionary<string, string> { ["X-API-Key"] = key };
        if (groupContext is not null)
        {
            headers["X-Group-Context"] = groupContext;
        }

        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = Endpoint,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = headers,
        });
        return await McpClient.CreateAsync(transport, new McpClientOptions
        {
            ClientInfo = new Implementation { Name = "tests", Version = "1" },
            ProtocolVersion = version,
        });
    }
}
