using AiPlatform.Core.Access;
using Xunit;
using Xunit.Abstractions;

namespace AiPlatform.Core.Tests.Access;

/// <summary>The compiled filter against the oracle, and the laws of the design, on random policies, callers and products.</summary>
public sealed class VisibilityPropertyTests(ITestOutputHelper output)
{
    [Fact]
    public void Filter_OnRandomTriples_AgreesWithTheOracle()
    {
        var random = new RandomAccess(Seed.Random(1));
        var (triples, visible) = (0, 0);
        for (var p = 0; p < 600; p++)
        {
            var policy = random.Policy();
            for (var c = 0; c < 8; c++)
            {
                var caller = random.Caller();
                var scope = Given.Scope(policy, caller);
                for (var i = 0; i < 10; i++)
                {
                    var (product, catalog) = (random.Product(), random.Catalog());
                    var expected = VisibilityOracle.Sees(policy, caller, catalog, product, Given.Now);

                    Assert.True(expected == scope.ProductsIn(catalog, Given.Now).IsVisible(product), Report(policy, caller, catalog, product, expected));
                    triples++;
                    visible += expected ? 1 : 0;
                }
            }
        }

        output.WriteLine($"seed {Seed.Value}: {triples} triples, {visible} visible");
        Assert.True(triples >= 20_000);
        // A generator that hides or shows everything would prove nothing.
        Assert.InRange(visible, triples / 20, triples * 19 / 20);
    }

    [Fact]
    public void Union_OfGroups_IsWhatEachGroupAloneSees()
    {
        var random = new RandomAccess(Seed.Random(2));
        for (var round = 0; round < 400; round++)
        {
            var (policy, caller) = (random.Policy(), random.Caller());
            var all = Given.Scope(policy, caller);
            var alone = caller.Groups.Select(g => Given.Scope(policy, caller with { Groups = [g] })).ToArray();
            for (var i = 0; i < 10; i++)
            {
                var product = random.Product();
                Assert.True(all.Sees(product) == alone.Any(s => s.Sees(product)), Report(policy, caller, Given.Catalog, product, all.Sees(product)));
            }
        }
    }

    [Fact]
    public void Intersection_InsideAGroup_IsWhatEveryFilterAloneLetsThrough()
    {
        var random = new RandomAccess(Seed.Random(3));
        for (var round = 0; round < 600; round++)
        {
            var filters = Enumerable.Range(0, 3).Select(_ => random.Filter()).ToArray();
            var caller = random.Caller() with { Groups = ["alpha"] };
            var whole = Given.Scope(Given.Policy(Given.Group("alpha", filters)), caller);
            var single = filters.Select(f => Given.Scope(Given.Policy(Given.Group("alpha", f)), caller)).ToArray();
            for (var i = 0; i < 10; i++)
            {
                var product = random.Product();
                Assert.True(whole.Sees(product) == single.All(s => s.Sees(product)), $"seed {Seed.Value}: {string.Join(" ; ", filters.Select(Text))} on {product}");
            }
        }
    }

    [Fact]
    public void Narrowing_OnlyNarrows()
    {
        var random = new RandomAccess(Seed.Random(4));
        var narrower = 0;
        for (var round = 0; round < 600; round++)
        {
            var policy = random.Policy();
            var caller = random.Caller();
            var full = Given.Scope(policy, caller);
            var chosen = full.Groups.Where(_ => random.Chance(50)).ToArray();
            if (chosen.Length == 0)
            {
                continue;
            }

            var narrowed = Given.Scope(policy, caller, chosen);
            Assert.Equal(chosen, narrowed.Groups);
            Assert.True(narrowed.DataAccessLevel <= full.DataAccessLevel && narrowed.AdministratorLevel <= full.AdministratorLevel);
            Assert.Subset(full.PermissionNames.ToHashSet(), narrowed.PermissionNames.ToHashSet());
            for (var i = 0; i < 10; i++)
            {
                var product = random.Product();
                Assert.True(!narrowed.Sees(product) || full.Sees(product), Report(policy, caller, Given.Catalog, product, false));
                narrower += full.Sees(product) && !narrowed.Sees(product) ? 1 : 0;
            }
        }

        Assert.NotEqual(0, narrower);
    }

    [Fact]
    public void Explanation_OnRandomTriples_AgreesWithTheFilter()
    {
        var random = new RandomAccess(Seed.Random(5));
        var administrator = Given.Scope(Given.Policy(Given.Group("root") with { AdministratorLevel = 1, Permissions = [Given.Explain] }), Given.Caller(["root"]));
        for (var round = 0; round < 600; round++)
        {
            var (policy, caller) = (random.Policy(), random.Caller());
            var scope = Given.Scope(policy, caller);
            for (var i = 0; i < 5; i++)
            {
                var (product, catalog) = (random.Product(), random.Catalog());
                var filter = scope.ProductsIn(catalog, Given.Now);

                var explanation = AccessExplainer.Explain(administrator, scope, catalog, product, Given.Now);

                Assert.Equal(filter.IsVisible(product), explanation.Visible);
                Assert.Equal(explanation.Visible, filter.RegionAllows(product) && explanation.Branches.Any(b => b.Admits));
                Assert.All(explanation.Branches, b => Assert.Equal(b.Admits, b.Rules.All(r => r.Holds)));
                if (Given.Now < caller.ExpiresAt)
                {
                    Assert.Equal(scope.Groups, explanation.Branches.Select(b => b.GroupId));
                }
            }
        }
    }

    [Fact]
    public void Fingerprint_EqualOnRandomScopes_MeansEqualSight()
    {
        var random = new RandomAccess(Seed.Random(6));
        var products = Enumerable.Range(0, 40).Select(_ => random.Product()).ToArray();
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        var shared = 0;
        for (var round = 0; round < 4000; round++)
        {
            // Few different policies of one version, so that fingerprints do meet.
            var policy = Given.Policy(Given.Group("alpha"), Given.Group("beta", Given.Filter("region", FilterOperator.In, "current-user-region")));
            var caller = random.Caller() with { ExpiresAt = Given.Later };
            var scope = Given.Scope(policy, caller);
            var sight = string.Concat(products.Select(p => scope.Sees(p) ? '1' : '0'));
            if (!seen.TryAdd(scope.Fingerprint, sight))
            {
                Assert.Equal(seen[scope.Fingerprint], sight);
                shared++;
            }
        }

        Assert.True(shared > 1000, $"seed {Seed.Value}: only {shared} scopes shared a fingerprint");
    }

    private static string Report(AccessPolicy policy, CallerFacts caller, string catalog, AiPlatform.Core.Catalog.Product product, bool expected) =>
        $"""
        seed {Seed.Value}: expected {expected} in {catalog}
        caller [{string.Join(',', caller.Groups)}] {string.Join(',', caller.Attributes)} until {caller.ExpiresAt:O}
        {string.Join('\n', policy.Groups.Values.Select(g => $"{g.Id} {g.Tier} {g.DataAccessLevel} may {string.Join(' ', g.Permissions.Select(p => $"{p.Resource}:{string.Join('+', p.Actions)}({string.Join(',', p.Conditions.Select(c => c.Key + "=" + string.Join('|', c.Value)))})"))} where {string.Join(" and ", g.DataFilters.Select(Text))}"))}
        {product.AccessLevel} [{string.Join(',', product.AllowedGroups)}] not in [{string.Join(',', product.RestrictedRegions)}] regions [{string.Join(',', product.Regions)}] path {string.Join('>', product.CategoryPath)} brand {product.Brand} price {product.Price} specs {string.Join(';', product.Specifications.Select(s => s.Key + "=" + string.Join('|', s.Value)))}
        """;

    private static string Text(DataFilter filter) => $"{filter.Resource}.{filter.Field} {filter.Operator} [{string.Join(',', filter.Values)}]";
}
