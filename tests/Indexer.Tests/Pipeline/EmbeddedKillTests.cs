using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Indexer.Tests.Pipeline;

/// <summary>Over the in-process engine; every second point is a size of the checkpoints instead of a time.</summary>
#pragma warning disable CA1001 // closed by DisposeAsync, which xunit calls through IAsyncLifetime
public sealed class EmbeddedKillTests : KillTests
#pragma warning restore CA1001
{
    private readonly EmbeddedCatalog _engine;

    public EmbeddedKillTests() => _engine = new EmbeddedCatalog(
        new EmbeddedCatalogOptions { Directory = Path.Combine(Data, "catalogs"), ReloadCheckMilliseconds = 0 }, new QueryEmbedders([]), TimeProvider.System, NullLogger<EmbeddedCatalog>.Instance);

    protected override ICatalogIndex Index => _engine;

    protected override ICatalogStore Store => _engine;

    [Fact]
    public Task Reindex_KilledAnywhere_LosesAndDoublesNothingAndGoesOn() => KillAtAsync(Number("AIPLATFORM_KILL_POINTS", 6));

    public override Task DisposeAsync()
    {
        _engine.Dispose();
        return base.DisposeAsync();
    }

    protected override IEnumerable<(string Name, string Value)> Settings() => [];

    protected override KillPoint At(int point, double share, TimeSpan took, int products) =>
        new(point % 2 == 0 ? After(took * (.15 + (.85 * share))) : CheckpointsAre(share * 400 * products));

    private Func<bool> CheckpointsAre(double bytes)
    {
        var log = new FileInfo(Path.Combine(Data, "catalogs", Catalog, "build.log"));
        return () =>
        {
            log.Refresh();
            return log.Exists && log.Length >= bytes;
        };
    }
}
