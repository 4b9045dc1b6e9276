using System.Collections.Immutable;
using AiPlatform.Core.Access;
using Xunit;

namespace AiPlatform.Core.Tests.Access;

public sealed class PermissionCeilingTests
{
    private static readonly string[] Resources = ["products", "models", "access", "reindex", "*"];
    private static readonly string[] Actions = ["read", "explain", "start", "*"];

    [Theory]
    [InlineData("products:read", true)]
    [InlineData("*:*", true)]
    [InlineData("reindex:*", true)]
    [InlineData("a.b_c-1:x", true)]
    [InlineData("openid", false)]
    [InlineData("", false)]
    [InlineData(":read", false)]
    [InlineData("products:", false)]
    [InlineData("Products:read", false)]
    [InlineData("products:read:more", false)]
    [InlineData("pro*:read", false)]
    [InlineData("products :read", false)]
    public void IsName_KnowsTheForm(string text, bool expected) => Assert.Equal(expected, PermissionCeiling.IsName(text));

    [Fact]
    public void Of_OrderAndRepetition_MakeNoDifference()
    {
        var one = PermissionCeiling.Of(["products:read", "openid", "access:explain"]);
        var two = PermissionCeiling.Of(["access:explain", "products:read", "products:read", "profile"]);

        Assert.Equal(one, two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.Equal("access:explain products:read", one.ToString());
    }

    [Fact]
    public void Of_TooManyNames_Throws() =>
        Assert.Throws<ArgumentException>(() => PermissionCeiling.Of(Enumerable.Range(0, PermissionCeiling.MaxNames + 1).Select(i => $"r{i}:read")));

    [Fact]
    public void Ceiling_OnRandomCallers_NeverAddsAndTakesExactlyWhatItDoesNotReach()
    {
        var random = new RandomAccess(Seed.Random(41));
        var (taken, kept) = (0, 0);
        for (var round = 0; round < 1500; round++)
        {
            var (policy, caller) = (random.Policy(), random.Caller());
            var ceiling = Ceiling(random);
            var whole = Given.Scope(policy, caller);
            var bounded = Given.Scope(policy, caller with { Ceiling = ceiling });
            foreach (var (resource, action) in from r in Resources from a in Actions where r != "*" && a != "*" select (r, a))
            {
                var context = random.Chance(50) ? new Dictionary<string, string> { ["catalog"] = random.Catalog() } : null;
                var may = whole.Allows(resource, action, Given.Now, context);
                Assert.True(
                    bounded.Allows(resource, action, Given.Now, context) == (may && ceiling.Covers(resource, action)),
                    $"seed {Seed.Value}: {resource}:{action} under [{ceiling}], groups {string.Join(',', caller.Groups)}");
            }

            Assert.True(bounded.AdministratorLevel <= whole.AdministratorLevel);
            Assert.Equal<string>(whole.Groups, bounded.Groups);
            for (var i = 0; i < 5; i++)
            {
                var (product, catalog) = (random.Product(), random.Catalog());
                var sees = bounded.Sees(product, catalog);
                Assert.True(sees == (whole.Sees(product, catalog) && ceiling.Covers("products", "read")), $"seed {Seed.Value}: [{ceiling}] {product}");
                _ = sees ? kept++ : whole.Sees(product, catalog) ? taken++ : 0;
            }
        }

        Assert.True(taken > 20 && kept > 20, $"{taken} taken, {kept} kept");
    }

    [Fact]
    public void Ceiling_Fingerprints_AreSharedByEqualCeilingsAndToldApartByWhatTheyTake()
    {
        var random = new RandomAccess(Seed.Random(42));
        var differ = 0;
        for (var round = 0; round < 1000; round++)
        {
            var (policy, caller) = (random.Policy(), random.Caller());
            var (one, two) = (Ceiling(random), Ceiling(random));
            var first = Given.Scope(policy, caller with { Ceiling = one });
            var again = Given.Scope(policy, caller with { Ceiling = PermissionCeiling.Of(one.Names.Reverse()) });
            var other = Given.Scope(policy, caller with { Ceiling = two });

            Assert.Equal(first.Fingerprint, again.Fingerprint);
            if (!first.PermissionNames.SequenceEqual(other.PermissionNames))
            {
                differ++;
                Assert.NotEqual(first.Fingerprint, other.Fingerprint);
            }
        }

        Assert.True(differ > 20);
    }

    [Fact]
    public void Ceiling_OfEverything_ChangesNothing()
    {
        var random = new RandomAccess(Seed.Random(43));
        for (var round = 0; round < 300; round++)
        {
            var (policy, caller) = (random.Policy(), random.Caller());

            Assert.Equal(Given.Scope(policy, caller).Fingerprint, Given.Scope(policy, caller with { Ceiling = PermissionCeiling.Of(["*:*"]) }).Fingerprint);
        }
    }

    [Theory]
    [InlineData("products:read", 0)]
    [InlineData("access:explain", 2)]
    [InlineData("access:*", 2)]
    [InlineData("*:*", 2)]
    [InlineData("*:read", 0)]
    [InlineData("", 0)]
    public void Ceiling_OfAnAdministrator_KeepsTheLevelOnlyWithItsRight(string names, int level)
    {
        var policy = Given.Policy(Administrators, Given.Group("other"));
        var facts = Given.Caller(["admins"]) with { Ceiling = PermissionCeiling.Of(names.Split(' ')) };

        Assert.Equal(level, Given.Scope(policy, facts).AdministratorLevel);
        if (level == 0)
        {
            Assert.Equal("group_override_refused", Assert.Throws<AccessRefusedException>(() => Given.Scope(policy, facts, ["other"])).Code);
        }
        else
        {
            Assert.Equal<string>(["other"], Given.Scope(policy, facts, ["other"]).Groups);
        }
    }

    [Fact]
    public void Ceiling_KeepsTheConditionsOfPermissions()
    {
        var group = Given.Group("a") with { Permissions = [new Permission("*", ["*"], Given.Read(("catalog", ["main"])).Conditions)] };
        var scope = Given.Scope(Given.Policy(group), Given.Caller(["a"]) with { Ceiling = PermissionCeiling.Of(["products:read"]) });

        Assert.True(scope.Sees(Given.Product()));
        Assert.False(scope.Sees(Given.Product(), "other"));
        Assert.Equal<string>(["products:read"], scope.PermissionNames);
    }

    private static GroupPolicy Administrators => Given.Group("admins") with
    {
        AdministratorLevel = 2,
        Permissions = [new Permission("*", ["*"], ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty)],
    };

    private static PermissionCeiling Ceiling(RandomAccess random) =>
        PermissionCeiling.Of(Enumerable.Range(0, random.Pick([0, 1, 1, 2, 3])).Select(_ => $"{random.Pick(Resources)}:{random.Pick(Actions)}"));
}
