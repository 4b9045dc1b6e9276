using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Tests.OpenSearch;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Indexer.Tests.Pipeline;

/// <summary>
/// Over a real node of its own. Every third point kills the run at a time, every third at a number of products that its checkpoint in the cluster counts, and every third kills the node, which
/// is started again while the run waits for it.
/// </summary>
#pragma warning disable CA1001 // closed by DisposeAsync, which xunit calls through IAsyncLifetime
public sealed class OpenSearchKillTests : KillTests
#pragma warning restore CA1001
{
    private const int LeaseSeconds = 3;
    private readonly HttpClient _http = new();
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

        _http.Dispose();
        await base.DisposeAsync();
    }

    protected override IEnumerable<(string Name, string Value)> Settings() =>
        [("OpenSearch__Nodes__0", _node!.Url), ("OpenSearch__LeaseSeconds", $"{LeaseSeconds}"), ("OpenSearch__RequestTimeoutSeconds", "60")];

    protected override KillPoint At(int point, double share, TimeSpan took, int products) =>
        new(point % 3 == 0 ? CheckpointCounts((long)(share * products)) : After(took * (.15 + (.85 * share))), point % 3 == 2 ? KillNodeAsync : null);

    /// <summary>When the run that is on has kept so many products. Asked in the background: the answer of the moment before decides.</summary>
    private Func<bool> CheckpointCounts(long products)
    {
        var asking = Task.FromResult(0L);
        return () =>
        {
            if (asking.IsCompleted)
            {
                if (asking.IsCompletedSuccessfully && asking.Result > products)
                {
                    return true;
                }

                asking = DoneAsync();
            }

            return false;
        };
    }

    private async Task<long> DoneAsync()
    {
        using var answer = JsonDocument.Parse(await _http.GetStringAsync(new Uri($"{_node!.Url}/aip--meta/_doc/build.{Catalog}")));
        var build = answer.RootElement.GetProperty("_source").GetProperty("state");
        return build.GetProperty("owner").GetString() is { Length: > 0 } && build.TryGetProperty("checkpoint", out var checkpoint) ? checkpoint.GetProperty("done").GetInt64() : 0;
    }

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
