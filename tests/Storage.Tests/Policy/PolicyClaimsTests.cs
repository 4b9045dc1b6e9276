using System.Text;
using AiPlatform.Core.Access;
using AiPlatform.Storage.Policy;
using Xunit;

namespace AiPlatform.Storage.Tests.Policy;

public sealed class PolicyClaimsTests
{
    private const string Groups = "groups:\n  eu: { tier: basic, permissions: [{ resource: products, actions: [read] }] }\n  us: { tier: basic, permissions: [{ resource: products, actions: [read] }] }\n";

    private const string Whole = Groups + """
        claims:
          https://login.example.com/realms/shop:
            subject: oid
            required:
              - claim: [tenant, id]
                values: [acme, 12, true]
            groups:
              - claim: [realm_access, roles]
                prefix: shop-
                values: { buyers: eu, "all.of them": [eu, us] }
              - claim: https://example.com/roles
                values: { admin: us }
            attributes: { region: zone }
        """;

    [Fact]
    public void Parse_Whole_ReadsEveryKey()
    {
        var mapping = Assert.Single(Valid(Whole).Claims);

        Assert.Equal("https://login.example.com/realms/shop", mapping.Key);
        Assert.Equal<string>(["oid"], mapping.Value.Subject.Names);
        var required = Assert.Single(mapping.Value.Required);
        Assert.Equal<string>(["tenant", "id"], required.Path.Names);
        Assert.Equal<string>(["acme", "12", "true"], required.Accepted);
        Assert.Equal(2, mapping.Value.Groups.Length);
        Assert.Equal<string>(["realm_access", "roles"], mapping.Value.Groups[0].Path.Names);
        Assert.Equal("shop-", mapping.Value.Groups[0].Prefix);
        Assert.Equal<string>(["eu"], mapping.Value.Groups[0].Values["buyers"]);
        Assert.Equal<string>(["eu", "us"], mapping.Value.Groups[0].Values["all.of them"]);
        Assert.Equal<string>(["https://example.com/roles"], mapping.Value.Groups[1].Path.Names);
        Assert.Equal("", mapping.Value.Groups[1].Prefix);
        Assert.Equal<string>(["zone"], mapping.Value.Attributes["region"].Names);
    }

    [Fact]
    public void Parse_WithoutClaims_TrustsNobody() => Assert.Empty(Valid(Groups).Claims);

    [Theory]
    [InlineData("claims:\n  not-a-url: { groups: [{ claim: g, values: { a: eu } }] }", "invalid_issuer", 5, "claims.not-a-url")]
    [InlineData("claims:\n  https://a?x=1: { groups: [{ claim: g, values: { a: eu } }] }", "invalid_issuer", 5, "claims.https://a?x=1")]
    [InlineData("claims:\n  https://a:\n    groups:\n      - claim: g\n        values:\n          a: ue", "unknown_group", 9, "claims.https://a.groups[0].values.a")]
    [InlineData("claims:\n  https://a:\n    groups:\n      - claim: []\n        values: { a: eu }", "empty_list", 7, "claims.https://a.groups[0].claim")]
    [InlineData("claims:\n  https://a:\n    groups:\n      - claim: [a, b, c, d, e, f, g, h, i]\n        values: { a: eu }", "too_many", 7, "claims.https://a.groups[0].claim")]
    [InlineData("claims:\n  https://a:\n    groups:\n      - claim: g\n        values: { a: eu }\n    attributes: { planet: p }", "unknown_attribute", 9, "claims.https://a.attributes.planet")]
    [InlineData("claims:\n  https://a:\n    groups: [{ claim: g, values: { a: eu } }]\n    role: x", "unknown_key", 7, "claims.https://a.role")]
    public void Parse_Broken_NamesCodeLineAndField(string claims, string code, long line, string path)
    {
        var reading = Read(Groups + claims + "\n");

        Assert.Null(reading.Policy);
        var error = Assert.Single(reading.Errors);
        Assert.Equal((code, line, path), (error.Code, error.Line, error.Path));
    }

    [Fact]
    public void Parse_MappingWithoutGroups_Warns() =>
        Assert.Equal("no_groups_mapped", Assert.Single(Read(Groups + "claims:\n  https://a: {}\n").Warnings).Code);

    [Theory]
    [InlineData("subject: oid", "subject: sub")]
    [InlineData("tenant, id", "tenant, name")]
    [InlineData("acme, 12", "acme, 13")]
    [InlineData("realm_access, roles", "realm_access, groups")]
    [InlineData("shop-", "store-")]
    [InlineData("buyers: eu", "buyers: us")]
    [InlineData("buyers", "sellers")]
    [InlineData("region: zone", "region: area")]
    [InlineData("login.example.com", "login.example.org")]
    public void Version_OfAnyChange_Differs(string before, string after)
    {
        var changed = Valid(Whole.Replace(before, after, StringComparison.Ordinal));

        Assert.NotEqual(Valid(Whole).Version, changed.Version);
    }

    private static AccessPolicy Valid(string text)
    {
        var reading = Read(text);
        Assert.Empty(reading.Problems);
        return reading.Policy!;
    }

    private static PolicyReading Read(string text) => PolicyFile.Parse(Encoding.UTF8.GetBytes(text));
}
