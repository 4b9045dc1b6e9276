using System.Text;
using AiPlatform.Core.Access;
using AiPlatform.Storage.Policy;
using Xunit;

namespace AiPlatform.Storage.Tests.Policy;

public sealed class PolicyFileTests
{
    private const string Minimal = "groups:\n  a:\n    tier: basic\n    permissions:\n      - resource: products\n        actions: [read]\n";

    [Fact]
    public void Parse_Whole_ReadsEveryKey()
    {
        var policy = Valid("""
            version: 1
            tiers:
              premium: { requestsPerMinute: 301 }
              gold:
                requestsPerMinute: 1_000
                requestsPerDay: 20000
                models: [small, large]
                highestAccessLevel: internal
            attributes: [region, brand]
            groups:
              eu:
                displayName: "Europe: all"
                tier: gold
                dataAccessLevel: internal
                administratorLevel: 2
                permissions:
                  - resource: products
                    actions: [read]
                    conditions: { catalog: [main, other] }
                dataFilters:
                  - { field: region, operator: equals, values: current-user-region }
                  - { field: brand, operator: not_in, values: [NO, 12, true] }
                  - { field: price, operator: lte, values: 99.5 }
                  - { field: country, operator: in, values: [DE], resource: customers }
                providers:
                  - { provider: openai, models: [small], priority: 3 }
                routingStrategy: compliance
                residency: [eu-west-1]
            """);

        Assert.Equal(301, policy.Tiers["premium"].RequestsPerMinute);
        Assert.Equal(TierPolicy.Premium.RequestsPerDay, policy.Tiers["premium"].RequestsPerDay);
        Assert.Equal((1000, 20000, DataAccessLevel.Internal), (policy.Tiers["gold"].RequestsPerMinute, policy.Tiers["gold"].RequestsPerDay, policy.Tiers["gold"].HighestAccessLevel));
        Assert.Equal<string>(["small", "large"], policy.Tiers["gold"].AllowedModels);
        Assert.Equal(5, policy.Tiers.Count);
        Assert.Equal<string>(["brand", "region"], policy.Attributes);
        var group = policy.Groups["eu"];
        Assert.Equal(("eu", "Europe: all", "gold", DataAccessLevel.Internal, 2), (group.Id, group.DisplayName, group.Tier, group.DataAccessLevel, group.AdministratorLevel));
        Assert.Equal(("products", "read"), (group.Permissions[0].Resource, group.Permissions[0].Actions[0]));
        Assert.Equal<string>(["main", "other"], group.Permissions[0].Conditions["catalog"]);
        Assert.Equal([FilterOperator.Equals, FilterOperator.NotIn, FilterOperator.Lte, FilterOperator.In], group.DataFilters.Select(f => f.Operator));
        Assert.Equal<string>(["current-user-region"], group.DataFilters[0].Values);
        Assert.Equal<string>(["NO", "12", "true"], group.DataFilters[1].Values);
        Assert.Equal<string>(["99.5"], group.DataFilters[2].Values);
        Assert.Equal(["products", "products", "products", "customers"], group.DataFilters.Select(f => f.Resource));
        Assert.Equal(("openai", 3), (group.Providers[0].Provider, group.Providers[0].Priority));
        Assert.Equal(RoutingStrategy.Compliance, group.RoutingStrategy);
        Assert.Equal<string>(["eu-west-1"], group.Residency);
    }

    [Fact]
    public void Parse_Minimal_TakesTheDefaults()
    {
        var policy = Valid(Minimal);

        Assert.Equal(["basic", "enterprise", "free", "premium"], policy.Tiers.Keys);
        Assert.Equal<string>(["region"], policy.Attributes);
        Assert.Equal((DataAccessLevel.Public, 0, "a"), (policy.Groups["a"].DataAccessLevel, policy.Groups["a"].AdministratorLevel, policy.Groups["a"].DisplayName));
    }

    [Theory]
    [InlineData("groups:\n  a:\n    tier: basic\n    colour: red\n", "unknown_key", 4, 5, "groups.a.colour")]
    [InlineData("groups:\n  a:\n    tier: gold\n", "unknown_tier", 3, 11, "groups.a.tier")]
    [InlineData("groups:\n  a:\n    displayName: x\n", "missing_key", 2, 3, "groups.a.tier")]
    [InlineData("groups:\n  a: { tier: basic }\n  a: { tier: free }\n", "duplicate_key", 3, 3, "groups.a")]
    [InlineData("groups:\n  everyone: { tier: basic }\n", "reserved_group", 2, 3, "groups.everyone")]
    [InlineData("groups:\n  EU: { tier: basic }\n", "invalid_id", 2, 3, "groups.EU")]
    [InlineData("groups: [a]\n", "wrong_type", 1, 9, "groups")]
    [InlineData("groups:\n", "wrong_type", 1, 8, "groups")]
    [InlineData("groups: {}\nversion: 2\n", "wrong_number", 2, 10, "version")]
    [InlineData("groups: {}\ntiers:\n  free: { requestsPerMinute: 0 }\n", "wrong_number", 3, 30, "tiers.free.requestsPerMinute")]
    [InlineData("groups: {}\ntiers:\n  free: { requestsPerMinute: \"5\" }\n", "wrong_number", 3, 30, "tiers.free.requestsPerMinute")]
    [InlineData("groups: {}\ntiers:\n  own: { requestsPerMinute: 5, requestsPerDay: 6 }\n", "missing_key", 3, 8, "tiers.own.highestAccessLevel")]
    [InlineData("groups: {}\ntiers:\n  free: { highestAccessLevel: secret }\n", "unknown_level", 3, 31, "tiers.free.highestAccessLevel")]
    [InlineData("groups: {}\nattributes: [region, region]\n", "duplicate_value", 2, 22, "attributes[1]")]
    [InlineData("groups: {}\nattributes: [Region]\n", "invalid_id", 2, 14, "attributes[0]")]
    [InlineData("version: 1\n", "missing_key", 1, 1, "groups")]
    [InlineData("", "empty_file", 1, 1, "")]
    [InlineData("# only a comment\n", "empty_file", 1, 1, "")]
    [InlineData("groups: {}\n---\ngroups: {}\n", "several_documents", 2, 1, "")]
    [InlineData("groups: &x {}\n", "invalid_yaml", 1, 9, "")]
    [InlineData("groups: *x\n", "invalid_yaml", 1, 9, "")]
    [InlineData("groups: !!map {}\n", "invalid_yaml", 1, 9, "")]
    [InlineData("groups:\n  a: {\n", "invalid_yaml", 3, 1, "")]
    [InlineData("groups:\n\ta: b\n", "invalid_yaml", 2, 1, "")]
    [InlineData("? [a]\n: b\n", "invalid_yaml", 1, 3, "")]
    public void Parse_Broken_NamesCodeLineColumnAndField(string text, string code, long line, long column, string path)
    {
        var reading = Read(text);

        Assert.Null(reading.Policy);
        var error = Assert.Single(reading.Errors);
        Assert.Equal((code, line, column, path), (error.Code, error.Line, error.Column, error.Path));
    }

    [Theory]
    [InlineData("field: region, operator: like, values: [EU]", "unknown_operator", "operator")]
    [InlineData("field: region, operator: 1, values: [EU]", "unknown_operator", "operator")]
    [InlineData("field: region, operator: in, values: []", "empty_list", "values")]
    [InlineData("field: region, operator: in, values: [EU, EU]", "duplicate_value", "values[1]")]
    [InlineData("field: region, operator: in, values: [~]", "wrong_type", "values[0]")]
    [InlineData("field: region, operator: in, values: { a: b }", "wrong_type", "values")]
    [InlineData("field: region, operator: equals, values: [EU, US]", "one_value", "values")]
    [InlineData("field: region, operator: equals, values: current-user-planet", "unknown_attribute", "values")]
    [InlineData("field: region, operator: not_in, values: Current-User-Planet", "unknown_attribute", "values")]
    [InlineData("field: price, operator: lte, values: 'a lot'", "wrong_number", "values")]
    [InlineData("field: price, operator: lte, values: '1,5'", "wrong_number", "values")]
    [InlineData("field: price, operator: lte", "missing_key", "values")]
    [InlineData("operator: lte, values: 1", "missing_key", "field")]
    [InlineData("field: brand, operator: in, values: [a], resource: product", "unknown_resource", "resource")]
    [InlineData("field: brand, operator: in, values: [a], resource: Products", "invalid_id", "resource")]
    [InlineData("field: brand, operator: in, values: [a], value: b", "unknown_key", "value")]
    public void Parse_BrokenFilter_NamesIt(string filter, string code, string key)
    {
        var reading = Read(Minimal + $"    dataFilters:\n      - {{ {filter} }}\n");

        Assert.Null(reading.Policy);
        Assert.Contains(reading.Errors, e => e.Code == code && e.Path == $"groups.a.dataFilters[0].{key}" && e.Line == 8);
    }

    [Fact]
    public void Parse_ManyErrors_ReportsThemAllInOrder()
    {
        var reading = Read("""
            tiers:
              free: { requestsPerMinute: none }
            groups:
              a:
                tier: gold
                dataAccessLevel: secret
                permissions: products
              b:
                administratorLevel: -1
                residency: []
            """);

        Assert.Equal(
            ["wrong_number", "unknown_tier", "unknown_level", "wrong_type", "missing_key", "wrong_number", "empty_list"],
            reading.Errors.Select(e => e.Code));
        Assert.Equal([2L, 5, 6, 7, 8, 9, 10], reading.Errors.Select(e => e.Line));
    }

    [Theory]
    [InlineData("field: colour, operator: in, values: [red]", "unknown_field")]
    [InlineData("field: brnad, operator: in, values: [a]", "unknown_field")]
    [InlineData("field: category, operator: in, values: [Electronics/Audio]", "category_separator")]
    public void Parse_DoubtfulFilter_Warns(string filter, string code)
    {
        var reading = Read(Minimal + $"    dataFilters:\n      - {{ {filter} }}\n");

        Assert.NotNull(reading.Policy);
        Assert.Equal(code, Assert.Single(reading.Warnings).Code);
    }

    [Theory]
    [InlineData("brand")]
    [InlineData("categoryPath")]
    [InlineData("spec.colour")]
    [InlineData("specifications.Memory")]
    [InlineData("Regions")]
    public void Parse_FieldThatProductsHave_DoesNotWarn(string field) =>
        Assert.Empty(Read(Minimal + $"    dataFilters:\n      - {{ field: {field}, operator: in, values: [x] }}\n").Problems);

    [Fact]
    public void Parse_GroupThatSeesLessThanItSays_Warns()
    {
        var reading = Read("groups:\n  a:\n    tier: basic\n    dataAccessLevel: confidential\n");

        Assert.Equal(["no_products_read", "level_above_tier"], reading.Warnings.Select(w => w.Code));
        Assert.NotNull(reading.Policy);
    }

    [Fact]
    public void Parse_BeyondTheBounds_IsAnError()
    {
        Assert.Equal("file_too_large", Assert.Single(PolicyFile.Parse(new byte[PolicyLimits.FileBytes + 1]).Errors).Code);
        Assert.Contains(Read("groups:\n" + string.Concat(Enumerable.Range(0, 1001).Select(i => $"  g{i}: {{ tier: free }}\n"))).Errors, e => e.Code == "too_many" && e.Path == "groups");
        Assert.Contains(Read(Minimal + "    dataFilters:\n" + string.Concat(Enumerable.Repeat("      - { field: brand, operator: in, values: [x] }\n", 65))).Errors, e => e.Code == "too_many");
        Assert.Contains(Read(Minimal + $"    dataFilters:\n      - {{ field: brand, operator: in, values: [{string.Join(',', Enumerable.Range(0, 1001))}] }}\n").Errors, e => e.Code == "too_many");
        Assert.Equal("invalid_yaml", Assert.Single(Read("groups: " + new string('[', 400_000)).Errors).Code);
        Assert.Equal("not_utf8", Assert.Single(PolicyFile.Parse([0x67, 0xff, 0xfe]).Errors).Code);
        Assert.True(Read("groups:\n" + string.Concat(Enumerable.Range(0, 900).Select(i => $"  g{i}: {{ tier: gold }}\n"))).Problems.Length <= PolicyLimits.Problems + 1);
    }

    [Fact]
    public void Parse_RandomDamage_NeverThrows()
    {
        var random = new Random(20260301);
        var good = File.ReadAllBytes(Path.Combine(TestFolder.Repository, "samples", "policy.yaml"));
        for (var round = 0; round < 1500; round++)
        {
            var bytes = good.ToArray();
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)"\0\t\n :-[]{}&*!|>'\"#%@`,?x9\u00ff"[random.Next(24)];
            }

            var reading = PolicyFile.Parse(bytes.AsSpan(0, random.Next(bytes.Length)));
            Assert.True(reading.Policy is null == reading.Errors.Any());
        }
    }

    [Fact]
    public void Version_IgnoresLayoutAndSeesContent()
    {
        var version = Valid(Minimal).Version;

        Assert.Matches("^[0-9a-f]{16}$", version);
        Assert.Equal(version, Valid("# a comment\nversion: 1\n\ngroups:\n  \"a\": {permissions: [{actions: ['read'], resource: products}], tier: basic} # x\n").Version);
        foreach (var other in new[]
        {
            Minimal.Replace("basic", "free", StringComparison.Ordinal),
            Minimal.Replace("  a:", "  b:", StringComparison.Ordinal),
            Minimal.Replace("[read]", "[read, write]", StringComparison.Ordinal),
            Minimal + "    residency: [eu]\n",
            Minimal + "    displayName: A\n",
            Minimal + "    dataFilters:\n      - { field: brand, operator: in, values: [x] }\n",
            Minimal + "attributes: [brand]\n",
            Minimal + "tiers:\n  free: { requestsPerDay: 999 }\n",
        })
        {
            Assert.NotEqual(version, Valid(other).Version);
        }
    }

    [Fact]
    public void Load_MissingFile_IsAnErrorInTheAnswer() =>
        Assert.Equal("unreadable_file", Assert.Single(PolicyFile.Load("/nowhere/policy.yaml").Errors).Code);

    [Fact]
    public void Sample_DeclaresTheDemosGroups()
    {
        var reading = PolicyFile.Load(Path.Combine(TestFolder.Repository, "samples", "policy.yaml"));

        Assert.Empty(reading.Problems);
        Assert.Equal(["administrators", "eu-retail", "partners", "us-wholesale"], reading.Policy!.Groups.Keys);
        Assert.Equal(["administrators"], reading.Policy.Groups.Values.Where(g => g.AdministratorLevel > 0).Select(g => g.Id));
        Assert.All(reading.Policy.Groups.Values, g => Assert.Contains(g.Permissions, p => p.Covers("products", "read")));
    }

    private static PolicyReading Read(string text) => PolicyFile.Parse(Encoding.UTF8.GetBytes(text));

    private static AccessPolicy Valid(string text)
    {
        var reading = Read(text);
        Assert.Empty(reading.Problems);
        return reading.Policy!;
    }
}
