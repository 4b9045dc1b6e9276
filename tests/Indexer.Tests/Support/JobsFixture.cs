using System.Collections.Concurrent;
using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Indexer.Tests.Support;

/// <summary>Jobs over the real engine, database and scheduler, with three configured catalogs and callers of different rights.</summary>
internal sealed class JobsFixture : IAccessAudit, ILoggerProvider, ILogger, IDisposable
{
    public const string Shop = "shop";
    public const string Depot = "depot";
    public const string Outlet = "outlet";

    private static readonly ImmutableSortedDictionary<string, ImmutableArray<string>> Always = ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    private readonly AccessScope.Issuer _issuer;
    private readonly List<ServiceProvider> _nodes = [];
    private readonly Action<ReindexJobsOptions>? _configure;
    private readonly Func<ICatalogStore, ICatalogStore>? _wrap;
    private readonly (string Key, string Value)[] _settings;

    public JobsFixture(Action<ReindexJobsOptions>? configure = null, Func<ICatalogStore, ICatalogStore>? wrap = null, params (string Key, string Value)[] settings)
    {
        (_configure, _wrap, _settings) = (configure, wrap, settings);
        _issuer = new AccessScope.Issuer(Policy, this);
        Gates = new GatedStore(Index.Engine);
        foreach (var catalog in (string[])[Shop, Depot, Outlet])
        {
            Write(catalog, Enumerable.Range(0, 30));
        }

        Mapping = Index.Folder.Write("map.yaml", IndexFixture.Yaml);
        Everything = Caller("everything");
        Services = NewNode();
        Jobs = Services.GetRequiredService<ReindexJobs>();
        Start(Services);
    }

    public ServiceProvider Services { get; }

    public IndexFixture Index { get; } = new();

    public GatedStore Gates { get; }

    public ReindexJobs Jobs { get; }

    public string Mapping { get; }

    /// <summary>May do all of it in every catalog.</summary>
    public AccessScope Everything { get; }

    public ConcurrentQueue<string> Audit { get; } = new();

    public ConcurrentQueue<(int Event, string Text)> Logged { get; } = new();

    public bool AuditIsDown { get; set; }

    public string SourceOf(string catalog) => Index.Folder[catalog + ".jsonl"];

    public void Write(string catalog, IEnumerable<int> ids) => File.Move(Index.Source(ids), SourceOf(catalog), overwrite: true);

    /// <summary>A caller of a group; the groups are named after what they may do.</summary>
    public AccessScope Caller(string group, string subject = "key-7") => _issuer.Issue(new CallerFacts(subject, [group], ImmutableSortedDictionary<string, string>.Empty, DateTimeOffset.MaxValue));

    /// <summary>The services of one more process on the same database and folder.</summary>
    /// <param name="ahead">How far its clock is ahead.</param>
    public ServiceProvider NewNode(TimeSpan ahead = default)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(
            (from catalog in (string[])[Shop, Depot, Outlet]
             from pair in (KeyValuePair<string, string?>[])[new($"Catalogs:{catalog}:Source", SourceOf(catalog)), new($"Catalogs:{catalog}:Mapping", Mapping)]
             select pair).Concat(_settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))))).Build();
        var store = _wrap?.Invoke(Gates) ?? Gates;
        var services = new ServiceCollection().AddLogging(logging => logging.AddProvider(this).SetMinimumLevel(LogLevel.Information))
            .AddSingleton<IAccessAudit>(this)
            .AddSingleton(ahead == default ? TimeProvider.System : new LaterTime(ahead))
            .AddSingleton(_issuer)
            .AddSingleton(store)
            .AddSingleton<IEmbedderProvider>(new GatedEmbedders(Index.Provider, Gates))
            .AddSingleton<ReindexJob>()
            .AddAiPlatformStorage(storage => storage.Path = Path.Combine(Index.Data, "state.db"))
            .AddReindexJobs(configuration, Index.Data)
            .AddReindexWorker(configuration);
        if (_configure is not null)
        {
            services.Configure(_configure);
        }

        _nodes.Add(services.BuildServiceProvider());
        return _nodes[^1];
    }

    /// <summary>Starts the jobs and the worker of a process, in the order a host does.</summary>
    public static void Start(ServiceProvider node)
    {
        foreach (var service in Hosted(node))
        {
            service.StartingAsync(CancellationToken.None).GetAwaiter().GetResult();
            service.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    /// <summary>Stops them, in the order a host does.</summary>
    public static async Task StopAsync(ServiceProvider node)
    {
        foreach (var service in Hosted(node).Reverse())
        {
            await service.StoppingAsync(CancellationToken.None);
        }
    }

    /// <summary>Starts a job and waits for its end.</summary>
    public async Task<ReindexJobInfo> RunAsync(ReindexOrder order, AccessScope? caller = null) => await EndAsync((await Jobs.StartAsync(caller ?? Everything, order, default)).Job);

    public static async Task<ReindexJobInfo> EndAsync(ReindexRun job)
    {
        var ended = await job.WaitAsync(TimeSpan.FromSeconds(60), default);
        Assert.True(ended.HasEnded, ended.ToString());
        return ended;
    }

    public void SystemScopeIssued(string subject, string reason)
    {
        if (AuditIsDown)
        {
            throw new AccessRefusedException("audit_unavailable", "The audit cannot be written now; try again later.");
        }

        Audit.Enqueue($"system {subject}: {reason}");
    }

    public void ActedAsGroup(string subject, string group) => Audit.Enqueue($"{subject} as {group}");

    public void Denied(string subject, string resource, string action) => Audit.Enqueue($"denied {subject} {resource}:{action}");

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Logged.Enqueue((eventId.Id, formatter(state, exception)));

    public void Dispose()
    {
        Gates.Open();
        foreach (var node in _nodes)
        {
            StopAsync(node).GetAwaiter().GetResult();
            node.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        Index.Dispose();
    }

    /// <summary>The clock of a process that is started later.</summary>
    private sealed class LaterTime(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }

    private static IEnumerable<IHostedLifecycleService> Hosted(ServiceProvider node) => node.GetServices<IHostedService>().OfType<IHostedLifecycleService>();

    private static AccessPolicy Policy()
    {
        Permission May(string action, string? catalog) => new(ReindexPermission.Resource, [action], catalog is null ? Always : Always.Add("catalog", [catalog]));
        GroupPolicy Group(string id, params Permission[] permissions) => new() { Id = id, Tier = "enterprise", Permissions = [.. permissions] };
        GroupPolicy[] groups =
        [
            Group("nothing", new Permission("products", ["read"], Always)),
            Group("everything", May("*", null)),
            Group("reads-shop", May("read", Shop)),
            Group("starts-shop", May("start", Shop)),
            Group("all-of-depot", May("*", Depot)),
        ];
        return AccessPolicy.Empty with { Version = "jobs-1", Groups = groups.ToImmutableSortedDictionary(g => g.Id, g => g, StringComparer.Ordinal) };
    }
}
