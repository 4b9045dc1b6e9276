using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Mcp;

public sealed class ForbiddenEqualsMissingEmbeddedTests : ForbiddenEqualsMissingTests
{
    private readonly List<EmbeddedIndex> _built = [];

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _built.ForEach(index => index.Dispose());
    }

    internal override async Task<ICatalogIndex> IndexAsync(IReadOnlyDictionary<string, IReadOnlyList<Product>> catalogs)
    {
        var index = await EmbeddedIndex.BuildAsync(catalogs);
        _built.Add(index);
        return index.Catalog;
    }
}
