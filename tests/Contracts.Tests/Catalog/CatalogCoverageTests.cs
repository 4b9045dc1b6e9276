using System.Reflection;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded;
using Xunit;

namespace AiPlatform.Contracts.Tests.Catalog;

public sealed class CatalogCoverageTests
{
    [Fact]
    public void EveryEngine_HasASuite()
    {
        var covered = typeof(CatalogContract).Assembly.GetTypes()
            .Where(t => !t.IsAbstract && t.IsSubclassOf(typeof(CatalogContract)))
            .SelectMany(t => t.GetCustomAttributes<CoversCatalogAttribute>().Select(c => c.Implementation))
            .ToHashSet();
        Assembly[] product = [typeof(ICatalogIndex).Assembly, typeof(EmbeddedCatalog).Assembly];

        var engines = product.SelectMany(a => a.GetTypes())
            .Where(t => t is { IsAbstract: false, IsInterface: false } && (t.IsAssignableTo(typeof(ICatalogIndex)) || t.IsAssignableTo(typeof(ICatalogStore))))
            .ToArray();

        Assert.NotEmpty(engines);
        Assert.All(engines, e => Assert.Contains(e, covered));
    }
}
