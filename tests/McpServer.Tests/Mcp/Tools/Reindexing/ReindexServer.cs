using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Tests.Support;
using AiPlatform.McpServer.Tests.Fixtures;
using AiPlatform.Search.Embedded;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AiPlatform.McpServer.Tests.Mcp.Tools.Reindexing;

/// <summary>The real server over the real engine, with two configured catalogs and keys of different rights; builds can be held up.</summary>
internal sealed class ReindexServer : IAsyncLifetime
{
    public const string Sample = "sample";
    public const string Second = "second";

    /// <summary>A catalog that is not configured, and is there once <see cref="BuildAtticAsync"/> made it.</summary>
    public const string Attic = "attic";

    private const string Mapping = """
        fields:
          id: id
          name: name
          accessLevel: { constant: public }
          allowedGroups: { constant: [everyone] }
        """;

    private static readonly ImmutableSortedDictionary<string, ImmutableArray<string>> Always = ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    private readonly string _folder = Directory.CreateTempSubdirectory("aip-reindex-").FullName;

    public ReindexServer()
    {
        var mapping = Path.Combine(_folder, "map.yaml");
        File.WriteAllText(mapping, Mapping);
        Write(Sample, 300);
        Write(Second, 40);
        Server = new TestServer(
            services => Leaving(services
                .AddEmbeddedSearch(new EmbeddedCatalogOptions { Directory = Path.Combine(_folder, "catalogs"), ReloadCheckMilliseconds = 0 })
                .AddSingleton<ICatalogStore>(provider => new GatedStore(provider.GetRequiredService<EmbeddedCatalog>()))
                .AddReindexWorker(new ConfigurationBuilder().Build())),
            [$"--AIPLATFORM_DATA={_folder}", .. ((string[])[Sample, Second]).SelectMany(c => (string[])[$"--Catalogs:{c}:Source={SourceOf(c)}", $"--Catalogs:{c}:Mapping={mapping}"])]);
        Server.Policy.Current = Policy();
        Reader = Server.Keys.Add("reader", "EU", "reads-sample");
        Starter = Server.Keys.Add("starter", "EU", "starts-sample");
        Elsewhere = Server.Keys.Add("elsewhere", "EU", "all-of-second");
        Operator = Server.Keys.Add("operator", "EU", "all-of-sample");
    }

    public TestServer Server { get; }

    public GatedStore Gates => (GatedStore)Server.Services.GetRequiredService<ICatalogStore>();

    public ReindexJobs Jobs => Server.Services.GetRequiredService<ReindexJobs>();

    /// <summary>Whether the search engine is away: whoever looks at catalogs or generations meets an error.</summary>
    public bool IsAway
    {
        get => Gates.Away is not null;
        set => Gates.Away = value ? new AwayException() : null;
    }

    /// <summary>May read in the sample.</summary>
    public string Reader { get; }

    /// <summary>May start in the sample.</summary>
    public string Starter { get; }

    /// <summary>May do everything in the second catalog and nothing in the sample.</summary>
    public string Elsewhere { get; }

    /// <summary>May do everything in the sample and nothing in the second catalog.</summary>
    public string Operator { get; }

    public string Folder => _folder;

    public void Write(string catalog, int products) =>
        File.WriteAllLines(SourceOf(catalog), Enumerable.Range(0, products).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{catalog}}-{{i}}","name":"Garden lamp number {{i}}"}""")));

    /// <summary>Builds a generation as the indexer's own executable does: past the configuration.</summary>
    public async Task BuildAtticAsync()
    {
        var system = Server.Services.GetRequiredService<AccessScope.Issuer>().IssueSystem("tests", "build a catalog that is not configured");
        await using var build = await Gates.BeginBuildAsync(system, new CatalogBuildRequest(Attic, "tests", "english", "", 0), CancellationToken.None);
        await build.FinishAsync(deleteOthers: true, CancellationToken.None);
        await build.CommitAsync(CancellationToken.None);
    }

    public string SourceOf(string catalog) => Path.Combine(_folder, catalog + ".jsonl");

    public async Task InitializeAsync()
    {
        await Server.InitializeAsync();
        foreach (var catalog in (string[])[Sample, Second])
        {
            var job = await RunAsync(Server.Administrator, $$"""{"catalog":"{{catalog}}","wait":true}""");
            Assert.True(job.GetProperty("state").GetString() == "succeeded", job.GetRawText());
        }
    }

    public async Task DisposeAsync()
    {
        Gates.Open();
        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Calls a tool that answers and gives its structured content.</summary>
    public async Task<JsonElement> CallAsync(string key, string tool, string arguments)
    {
        using var request = RawMcp.Call(key, tool, arguments);
        using var response = await Server.Http.SendAsync(request);
        var message = await RawMcp.MessageAsync(response);
        Assert.True(message.TryGetProperty("result", out var result), message.GetRawText());
        return result.GetProperty("structuredContent");
    }

    public async Task<JsonElement> RunAsync(string key, string arguments) => (await CallAsync(key, "start_reindex", arguments)).GetProperty("job");

    public async Task<long> LiveAsync(string catalog)
    {
        var generations = (await CallAsync(Server.Administrator, "get_reindex", $$"""{"catalog":"{{catalog}}"}""")).GetProperty("generations");
        return generations.EnumerateArray().Single(g => g.GetProperty("live").GetBoolean()).GetProperty("number").GetInt64();
    }

    /// <summary>What a stop of the server does first.</summary>
    public async Task StoppingAsync()
    {
        foreach (var service in Server.Services.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Where(s => s.GetType().Assembly == typeof(ReindexJobs).Assembly).Reverse())
        {
            await service.StoppingAsync(CancellationToken.None);
        }
    }

    /// <summary>The job as an administrator sees it, once it has ended.</summary>
    public async Task<ReindexJobInfo> EndAsync(string id)
    {
        using var patience = new CancellationTokenSource(EventReader.Patience);
        while (true)
        {
            if (await Jobs.FindAsync(Server.ScopeOf(Server.Administrator), id, patience.Token) is { HasEnded: true } job)
            {
                return job;
            }

            await Task.Delay(10, patience.Token);
        }
    }

    /// <summary>The index, too, is away when the store is.</summary>
    private IServiceCollection Leaving(IServiceCollection services)
    {
        var index = services.Last(d => d.ServiceType == typeof(ICatalogIndex));
        return services.AddSingleton<ICatalogIndex>(provider => new LeavingIndex(() => IsAway)
        {
            Inner = (ICatalogIndex)(index.ImplementationInstance ?? index.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, index.ImplementationType!)),
        });
    }

    private sealed class AwayException() : CatalogEngineException("opensearch_unavailable", "no node answers", null)
    {
        public override bool IsTransient => true;
    }

    private sealed class LeavingIndex(Func<bool> isAway) : ForwardingIndex
    {
        public override ValueTask<IReadOnlyList<CatalogInfo>> ListCatalogsAsync(AccessScope scope, CancellationToken cancellationToken) =>
            isAway() ? throw new AwayException() : base.ListCatalogsAsync(scope, cancellationToken);
    }

    private static AccessPolicy Policy()
    {
        var policy = FixedPolicy.Create("reindex-1");
        Permission May(string action, string catalog) => new(ReindexPermission.Resource, [action], Always.Add("catalog", [catalog]));
        GroupPolicy Group(string id, params Permission[] permissions) => new() { Id = id, Tier = "enterprise", Permissions = [.. permissions] };
        GroupPolicy[] groups =
        [
            Group("reads-sample", May("read", Sample)),
            Group("starts-sample", May("start", Sample)),
            Group("rolls-sample-back", May("rollback", Sample)),
            Group("all-of-second", May("*", Second)),
            Group("all-of-sample", May("*", Sample)),
            Group("all-of-attic", May("*", Attic)),
        ];
        return policy with { Groups = policy.Groups.AddRange(groups.Select(g => KeyValuePair.Create(g.Id, g))) };
    }
}
