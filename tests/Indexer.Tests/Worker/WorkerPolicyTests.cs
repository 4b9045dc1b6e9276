using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Console;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Tests.Support;
using AiPlatform.Indexer.Worker;
using AiPlatform.Search.Embedded;
using AiPlatform.Storage.Jobs;
using AiPlatform.Storage.Policy;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Indexer.Tests.Worker;

/// <summary>A worker without a server tries new generations as the groups of the policy it is given.</summary>
public sealed class WorkerPolicyTests : IDisposable
{
    /// <summary>Of no product, so that no made-up caller is of it: its members see what costs at most 10.</summary>
    private const string Group = "bargain-hunters";

    private readonly IndexFixture _index = new();

    public void Dispose() => _index.Dispose();

    [Fact]
    public async Task Job_GenerationThatLeaksToARealGroup_IsRefused()
    {
        var refused = await RunAsync("--Policy:Path=" + Policy());

        Assert.Equal((ReindexJobState.Refused, "leak_found"), (refused.State, refused.Fault?.Code));
        Assert.Null(refused.Generation);
    }

    /// <summary>The same leak is not seen without the policy: what refuses above are its groups.</summary>
    [Fact]
    public async Task Job_WithoutPolicy_TriesMadeUpCallersOnly()
    {
        var done = await RunAsync();

        Assert.Equal((ReindexJobState.Succeeded, 1L), (done.State, done.Generation));
    }

    [Theory]
    [InlineData("version: 1\ngroups:\n  a: { tier: nonsense }\n")]
    [InlineData(null)]
    public async Task Start_PolicyThatIsConfiguredAndBroken_FailsNamingIt(string? text)
    {
        var path = text is null ? _index.Folder["no-policy.yaml"] : _index.Folder.Write("policy.yaml", text);
        using var host = WorkerHost.Build(_index.Data, ["--Policy:Path=" + path], quiet: true);

        var failure = await Assert.ThrowsAsync<PolicyFileException>(() => host.StartAsync());

        Assert.Contains(path, ExpectedFailure.Message(failure), StringComparison.Ordinal);
    }

    private string Policy() => _index.Folder.Write("policy.yaml", $$"""
        version: 1
        groups:
          {{Group}}:
            displayName: Bargain hunters
            tier: basic
            dataAccessLevel: public
            permissions:
              - resource: products
                actions: [read]
            dataFilters:
              - field: price
                operator: lte
                values: [10]
        """);

    private async Task<ReindexJobInfo> RunAsync(params string[] settings)
    {
        var builder = WorkerHost.Create(
            _index.Data,
            ["--Catalogs:shop:Source=" + _index.Source(Enumerable.Range(0, 30)), "--Catalogs:shop:Mapping=" + _index.Folder.Write("map.yaml", IndexFixture.Yaml), .. settings],
            quiet: true);

        // The engine forgets the filter of one group, and of that alone.
        builder.Services.AddSingleton<ICatalogStore>(provider => new FaultyStore(provider.GetRequiredService<EmbeddedCatalog>())
        {
            Look = index => new LyingIndex(index) { As = scope => scope.Groups.Contains(Group) ? _index.System : scope },
        });
        using var host = builder.Build();
        await host.StartAsync();
        var session = new JobsSession(
            host.Services.GetRequiredService<ReindexJobs>(),
            host.Services.GetRequiredService<IReindexJobStore>(),
            host.Services.GetRequiredService<ConfiguredCatalogs>(),
            host.Services.GetRequiredService<AccessScope.Issuer>(),
            TimeProvider.System);
        var ended = await session.StartAsync(new ReindexOrder("shop"), wait: true, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromMinutes(2));
        await host.StopAsync();
        return ended;
    }
}
