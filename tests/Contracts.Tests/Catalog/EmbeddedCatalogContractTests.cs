using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Contracts.Tests.Catalog;

[CoversCatalog(typeof(EmbeddedCatalog))]
[CoversCatalog(typeof(EmbeddedIndex))]
public sealed class EmbeddedCatalogContractTests : CatalogContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aip-contract-").FullName;
    private EmbeddedCatalog? _catalog;

    internal override Task<(ICatalogIndex Index, ICatalogStore Store)> OpenAsync()
    {
        var options = new EmbeddedCatalogOptions { Directory = _folder, ReloadCheckMilliseconds = 0, SegmentProducts = 100 };
        _catalog = new EmbeddedCatalog(options, new QueryEmbedders([]), TimeProvider.System, NullLogger<EmbeddedCatalog>.Instance);
        return Task.FromResult<(ICatalogIndex, ICatalogStore)>((_catalog, _catalog));
    }

    internal override Task CloseAsync()
    {
        Dispose();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    public void Dispose() => _catalog?.Dispose();
}
