using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Tests.OpenSearch;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Indexer.Tests.Pipeline;

/// <summary>Over a real node of its own; at every third point the node is killed and started again while the run waits for it.</summary>
public sealed class OpenSearchKillTests : KillTests
{
    private const int LeaseSeconds = 3;
    private OpenSearchProcess? _node;
    private ServiceProvider? _services;
    private volatile bool _isAway;

    protected override ICatalogIndex Index => _services!.GetRequiredService<ICatalogIndex>();

    protected override ICatalogStore Store => _services!.GetRequiredService<ICatalogStore>();

    [SkippableFact]
    public async Task Reindex_KilledAnywhereOrItsNode_LosesAndDoublesNothingAndGoesOn()
    {
        _node = await OpenSearchProcess.StartAsync(own: true);
        Skip.If(_node.Missing is not null, _node.Missing);
        var options = new OpenSearchOptions { Nodes = [_node.Url], RequestTimeoutSeconds = 60, ReloadCheckMilliseconds = 0 };
        _services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddOpenSearch(options).BuildServiceProvider();
        await KillAtAsync(Number("AIPLATFORM_KILL_POINTS", 3));
    }

    public override async Task DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    protected override IEnumerable<(string Name, string Value)> Settings() =>
        [("OpenSearch__Nodes__0", _node!.Url), ("OpenSearch__LeaseSeconds", $"{LeaseSeconds}"), ("OpenSearch__RequestTimeoutSeconds", "60")];

    protected override KillPoint At(int point, double share, TimeSpan took, int products) =>
        new(After(took * (.15 + (.85 * share))), point % 3 == 2 ? KillNodeAsync : null);

    protected override bool MayFail(Exception failure) => _isAway && failure is CatalogEngineException { IsTransient: true };

    private async Task KillNodeAsync()
    {
        _isAway = true;
        await _node!.KillAsync();
        await _node.RestartAsync();
        await Index.ListCatalogsAsync(System, CancellationToken.None);
        _isAway = false;
    }
}
