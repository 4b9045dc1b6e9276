using System.Collections.Concurrent;
using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Pipeline;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Tests.Support;

/// <summary>Jobs over the real engine, with three configured catalogs and callers of different rights.</summary>
internal sealed class JobsFixture : IAccessAudit, ILogger<ReindexJobs>, IDisposable
{
    public const string Shop = "shop";
    public const string Depot = "depot";
    public const string Outlet = "outlet";

    private static readonly ImmutableSortedDictionary<string, ImmutableArray<string>> Always = ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    private readonly AccessScope.Issuer _issuer;

    public JobsFixture(Action<ReindexJobsOptions>? configure = null, Func<ICatalogStore, ICatalogStore>? wrap = null)
    {
        _issuer = new AccessScope.Issuer(Policy, this);
        Gates = new GatedStore(Index.Engine);
        var options = new ReindexJobsOptions { DataDirectory = Index.Data };
        configure?.Invoke(options);
        foreach (var catalog in (string[])[Shop, Depot, Outlet])
        {
            Write(catalog, Enumerable.Range(0, 30));
        }

        Mapping = Index.Folder.Write("map.yaml", IndexFixture.Yaml);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(
            from catalog in (string[])[Shop, Depot, Outlet]
            from pair in (KeyValuePair<string, string?>[])[new($"Catalogs:{catalog}:Source", SourceOf(catalog)), new($"Catalogs:{catalog}:Mapping", Mapping)]
            select pair)).Build();
        var store = wrap?.Invoke(Gates) ?? Gates;
        Jobs = new ReindexJobs(
            ConfiguredCatalogs.Read(configuration),
            new ReindexJob(store, new GatedEmbedders(Index.Provider, Gates), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<ReindexJob>.Instance),
            store,
            _issuer,
            this,
            Options.Create(options),
            TimeProvider.System,
            this);
        Everything = Caller("everything");
    }

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

    /// <summary>Starts a job and waits for its end.</summary>
    public async Task<ReindexJobInfo> RunAsync(ReindexOrder order, AccessScope? caller = null) => await EndAsync(Jobs.Start(caller ?? Everything, order).Job);

    public static async Task<ReindexJobInfo> EndAsync(ReindexRun job)
    {
        await job.Ended.WaitAsync(TimeSpan.FromSeconds(60));
        return job.Look();
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

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Logged.Enqueue((eventId.Id, formatter(state, exception)));

    public void Dispose()
    {
        Gates.Open();
        Jobs.StoppingAsync(CancellationToken.None).GetAwaiter().GetResult();
        Index.Dispose();
    }

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
