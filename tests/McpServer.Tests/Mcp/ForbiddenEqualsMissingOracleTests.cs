using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Mcp;

public sealed class ForbiddenEqualsMissingOracleTests : ForbiddenEqualsMissingTests
{
    internal override Task<ICatalogIndex> IndexAsync(IReadOnlyDictionary<string, IReadOnlyList<Product>> catalogs) =>
        Task.FromResult<ICatalogIndex>(new OracleIndex(catalogs, TimeProvider.System));
}
