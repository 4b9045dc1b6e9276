using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Tests.OpenSearch;
using Xunit;

namespace AiPlatform.Contracts.Tests.Catalog;

[Collection(OpenSearchNode.Collection)]
[CoversCatalog(typeof(OpenSearchCatalogIndex))]
[CoversCatalog(typeof(OpenSearchCatalogStore))]
#pragma warning disable CA1001 // closed by CloseAsync, which xunit calls through IAsyncLifetime
public class OpenSearchCatalogContractTests(OpenSearchNode node) : CatalogContract
#pragma warning restore CA1001
{
    private OpenSearchEngine? _engine;

    internal override Task<(ICatalogIndex Index, ICatalogStore Store)> OpenAsync()
    {
        Skip.If(node.Missing is not null, node.Missing);
        _engine = new OpenSearchEngine(node.Options(OpenSearchNode.NewPrefix()));
        return Task.FromResult((_engine.Index, _engine.Store));
    }

    internal override async Task CloseAsync()
    {
        if (_engine is not null)
        {
            await _engine.RemoveAsync();
            await _engine.DisposeAsync();
        }
    }
}
