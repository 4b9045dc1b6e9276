using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Core.Tests.Access;
using AiPlatform.Search.Tests.Embedded.Support;
using Xunit;

namespace AiPlatform.Search.Tests.Embedded;

/// <summary>The three executions of one rule agree: the oracle written from the design, the compiled predicate, the engine's bitmap.</summary>
public sealed class VisibilityPropertyTests
{
    private const int Catalogs = 300;
    private const int CallersEach = 3;

    [Fact]
    public async Task Bitmap_RandomPoliciesAndProducts_AgreesWithPredicateAndOracle()
    {
        var (seen, hidden, blind) = (0, 0, 0);
        for (var round = 0; round < Catalogs; round++)
        {
            var random = new RandomCatalog(Seed.Random(round));
            var products = random.Products(1 + (round * 13 % 170));
            using var engine = new TestEngine(configure: o => o.SegmentProducts = round % 2 == 0 ? 64 : 262_144);
            await engine.BuildAsync(products);
            for (var caller = 0; caller < CallersEach; caller++)
            {
                var (policy, facts) = (random.Policy(), random.Caller());
                var scope = Given.Scope(policy, facts);
                var expected = products.Where(p => VisibilityOracle.Sees(policy, facts, Given.Catalog, p, DateTimeOffset.UtcNow)).ToList();
                var predicate = products.Where(p => scope.ProductsIn(Given.Catalog, DateTimeOffset.UtcNow).IsVisible(p)).ToList();

                Assert.True(expected.SequenceEqual(predicate), $"oracle and predicate differ: {Seed.Of(round)}, caller {caller}");
                await AssertSees(engine, scope, expected, products, $"{Seed.Of(round)}, caller {caller}");
                seen += expected.Count;
                hidden += products.Count - expected.Count;
                blind += expected.Count == 0 ? 1 : 0;
            }
        }

        // The sample is worth something only if callers see some products, not others, and a few see nothing.
        Assert.True(seen > 6_000 && hidden > 6_000 && blind is > 60 and < 700, $"seen {seen}, hidden {hidden}, blind {blind}");
    }

    private static async Task AssertSees(TestEngine engine, AccessScope scope, List<Product> expected, List<Product> all, string where)
    {
        var ids = expected.Select(p => p.Id).Order(StringComparer.Ordinal).ToArray();
        var found = await engine.VisibleIdsAsync(scope);
        Assert.True(ids.SequenceEqual(found), $"search and oracle differ: {where}");
        if (ids.Length == 0)
        {
            var refused = await Assert.ThrowsAsync<CatalogRequestException>(() => engine.Catalog.GetAsync(scope, Given.Catalog, [all[0].Id], default).AsTask());
            Assert.Equal(CatalogErrors.UnknownCatalog, refused.Code);
            Assert.Empty(await engine.Catalog.ListCatalogsAsync(scope, default));
            return;
        }

        var total = (await engine.SearchAsync(scope, "")).Total;
        Assert.Equal(ids.Length, total);
        Assert.Equal(ids.Length, Assert.Single(await engine.Catalog.ListCatalogsAsync(scope, default)).VisibleProducts);
        var got = new List<Product>();
        foreach (var batch in all.Select(p => p.Id).Chunk(CatalogLimits.Ids))
        {
            got.AddRange(await engine.Catalog.GetAsync(scope, Given.Catalog, batch, default));
        }

        Assert.True(Given.Json(expected) == Given.Json(got), $"look-up and oracle differ: {where}");
    }
}
