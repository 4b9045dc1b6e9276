using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiPlatform.Storage.Policy;
using Xunit;

namespace AiPlatform.Storage.Tests.Policy;

/// <summary>The published schema and the parser must say the same. There is no schema library on the feed, so the structure is compared.</summary>
public sealed class PolicySchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(PolicyFile.Schema).RootElement;

    public static TheoryData<string, string[]> Objects => new()
    {
        { "", [.. PolicyShape.Root] },
        { "tier", [.. PolicyShape.Tier] },
        { "group", [.. PolicyShape.Group] },
        { "permission", [.. PolicyShape.Permission] },
        { "dataFilter", [.. PolicyShape.DataFilter] },
        { "provider", [.. PolicyShape.Provider] },
        { "claims", [.. PolicyShape.Claims] },
        { "requiredClaim", [.. PolicyShape.RequiredClaim] },
        { "groupClaim", [.. PolicyShape.GroupClaim] },
    };

    [Theory]
    [MemberData(nameof(Objects))]
    public void Properties_OfEachObject_AreTheParsers(string name, string[] accepted)
    {
        var definition = Definition(name);

        Assert.Equal(accepted.Order(StringComparer.Ordinal), definition.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.False(definition.GetProperty("additionalProperties").GetBoolean());
    }

    [Fact]
    public void Choices_AreTheParsers()
    {
        Assert.Equal(PolicyShape.Operators, Enum("dataFilter", "operator"));
        Assert.Equal(PolicyShape.Strategies, Enum("group", "routingStrategy"));
        Assert.Equal(PolicyShape.Levels, Schema.GetProperty("$defs").GetProperty("level").GetProperty("enum").EnumerateArray().Select(v => v.GetString()!));
    }

    [Fact]
    public void Bounds_AreTheParsers()
    {
        Assert.Equal(PolicyLimits.Groups, Root("groups").GetProperty("maxProperties").GetInt32());
        Assert.Equal(PolicyLimits.Tiers, Root("tiers").GetProperty("maxProperties").GetInt32());
        Assert.Equal(PolicyLimits.Attributes, Root("attributes").GetProperty("maxItems").GetInt32());
        Assert.Equal(PolicyLimits.FiltersPerGroup, Property("group", "dataFilters").GetProperty("maxItems").GetInt32());
        Assert.Equal(PolicyLimits.PermissionsPerGroup, Property("group", "permissions").GetProperty("maxItems").GetInt32());
        Assert.Equal(PolicyLimits.ProvidersPerGroup, Property("group", "providers").GetProperty("maxItems").GetInt32());
        Assert.Equal(PolicyLimits.Issuers, Root("claims").GetProperty("maxProperties").GetInt32());
        Assert.Equal(PolicyLimits.ClaimsPerIssuer, Property("claims", "groups").GetProperty("maxItems").GetInt32());
        Assert.Equal(PolicyLimits.ClaimsPerIssuer, Property("claims", "required").GetProperty("maxItems").GetInt32());
        Assert.Equal(PolicyLimits.ClaimDepth, Definition("claimPath").GetProperty("anyOf")[1].GetProperty("maxItems").GetInt32());
        Assert.Equal(PolicyLimits.ValuesPerList, Definition("texts").GetProperty("maxItems").GetInt32());
        Assert.Equal(PolicyLimits.TextLength, Definition("text").GetProperty("maxLength").GetInt32());
        Assert.Equal(PolicyShape.FormatVersion, Root("version").GetProperty("const").GetInt32());
    }

    /// <summary>A wrong value under every property of the schema must be reported at that property: so each is really read.</summary>
    [Fact]
    public void Parser_ReadsEveryPropertyOfTheSchema()
    {
        (string Object, string Before, string Path)[] places =
        [
            ("", "", ""),
            ("tier", "groups: {}\ntiers:\n  free: ", "tiers.free."),
            ("group", "groups:\n  a: ", "groups.a."),
            ("permission", "groups:\n  a: { tier: free, permissions: [", "groups.a.permissions[0]."),
            ("dataFilter", "groups:\n  a: { tier: free, dataFilters: [", "groups.a.dataFilters[0]."),
            ("provider", "groups:\n  a: { tier: free, providers: [", "groups.a.providers[0]."),
            ("claims", "groups: {}\nclaims:\n  https://login.example: ", "claims.https://login.example."),
            ("requiredClaim", "groups: {}\nclaims:\n  https://login.example:\n    required:\n      - ", "claims.https://login.example.required[0]."),
            ("groupClaim", "groups: {}\nclaims:\n  https://login.example:\n    groups:\n      - ", "claims.https://login.example.groups[0]."),
        ];
        foreach (var (name, before, path) in places)
        {
            foreach (var property in Definition(name).GetProperty("properties").EnumerateObject().Select(p => p.Name))
            {
                var closing = string.Concat(before.Reverse().Where(c => c is '[' or '{').Select(c => c == '[' ? ']' : '}'));
                // Two levels of list are wrong for every property there is.
                var text = name.Length == 0 ? $"{property}: [[1]]\n" : before.Replace("{}", "", StringComparison.Ordinal) + $"{{ {property}: [[1]] }}" + closing.Replace("}", " }", StringComparison.Ordinal);
                var reading = PolicyFile.Parse(Encoding.UTF8.GetBytes(before.StartsWith("groups: {}", StringComparison.Ordinal) ? $"{before}{{ {property}: [[1]] }}\n" : text));

                Assert.Contains(reading.Errors, e => e.Path.StartsWith(path + property, StringComparison.Ordinal) && e.Code is not "missing_key" and not "unknown_key");
            }
        }
    }

    [Fact]
    public void Required_AreWhatTheParserMisses()
    {
        foreach (var (name, text) in new[] { ("group", "groups: { a: {} }"), ("permission", "groups: { a: { tier: free, permissions: [{}] } }"), ("dataFilter", "groups: { a: { tier: free, dataFilters: [{}] } }"), ("provider", "groups: { a: { tier: free, providers: [{}] } }"), ("requiredClaim", "{ groups: {}, claims: { \"https://a\": { required: [{}] } } }"), ("groupClaim", "{ groups: {}, claims: { \"https://a\": { groups: [{}] } } }"), ("", "{}") })
        {
            var missed = PolicyFile.Parse(Encoding.UTF8.GetBytes(text)).Errors.Where(e => e.Code == "missing_key").Select(e => e.Path.Split('.')[^1]);

            Assert.Equal(Definition(name).GetProperty("required").EnumerateArray().Select(v => v.GetString()!).Order(StringComparer.Ordinal), missed.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Ids_ArePatternedAlike()
    {
        var pattern = new Regex(Definition("id").GetProperty("pattern").GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1));
        foreach (var id in new[] { "a", "eu-retail", "0x", "a.b_c", "A", "-a", "a b", "é", new string('a', 64), new string('a', 65) })
        {
            var reading = PolicyFile.Parse(Encoding.UTF8.GetBytes($"groups:\n  \"{id}\": {{ tier: free }}\n"));
            Assert.Equal(pattern.IsMatch(id), !reading.Errors.Any());
        }
    }

    [Fact]
    public void Sample_PointsAtTheSchemaThatShips()
    {
        var sample = Path.Combine(TestFolder.Repository, "samples", "policy.yaml");
        var link = File.ReadLines(sample).First().Split("$schema=")[1].Trim();

        Assert.Equal(PolicyFile.Schema, File.ReadAllText(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(sample)!, link))));
    }

    private static JsonElement Definition(string name) => name.Length == 0 ? Schema : Schema.GetProperty("$defs").GetProperty(name);

    private static JsonElement Root(string name) => Schema.GetProperty("properties").GetProperty(name);

    private static JsonElement Property(string definition, string name) => Definition(definition).GetProperty("properties").GetProperty(name);

    private static IEnumerable<string> Enum(string definition, string property) =>
        Property(definition, property).GetProperty("enum").EnumerateArray().Select(v => v.GetString()!);
}
