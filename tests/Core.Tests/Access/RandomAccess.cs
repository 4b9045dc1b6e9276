using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Core.Tests.Access;

/// <summary>Random policies, callers and products from a small vocabulary, so that rules meet often, with the awkward cases in it.</summary>
internal sealed class RandomAccess(Random random)
{
    public static readonly string[] GroupIds = ["alpha", "beta", "gamma", "delta", "admins"];
    private static readonly string[] Regions = ["EU", "eu", " US ", "APAC"];
    private static readonly string[] Brands = ["Acme", "ACME", "Bolt", "Çelik"];
    private static readonly string[] Levels = ["Electronics", "Audio", "Phones", "Home"];
    private static readonly string[] Memory = ["8", "16 GB", "32GB", "8-16", "n/a", "2.5", "-4", "64 GB"];

    public AccessPolicy Policy() => Given.Policy([.. GroupIds.Where(_ => Chance(80)).Select(Group)]) with
    {
        Version = "v" + random.Next(3),
        Tiers = TierPolicy.Defaults.Where(_ => Chance(95)).ToImmutableSortedDictionary(t => t.Name, t => t, StringComparer.Ordinal),
    };

    public GroupPolicy Group(string id) => new()
    {
        Id = id,
        Tier = Pick(["free", "basic", "premium", "enterprise", "enterprise", "enterprise", "unheard-of"]),
        DataAccessLevel = (DataAccessLevel)random.Next(3),
        AdministratorLevel = id == "admins" ? 1 : 0,
        Permissions = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Permission())],
        DataFilters = [.. Enumerable.Range(0, Chance(50) ? 0 : random.Next(1, 4)).Select(_ => Filter())],
        Providers = Chance(20) ? [new ProviderAccess(Pick(["openai", "bedrock"]), [Pick(["*", "small"])], random.Next(3))] : [],
        RoutingStrategy = (RoutingStrategy)random.Next(4),
        Residency = Chance(20) ? [Pick(["eu", "us"])] : [],
    };

    public CallerFacts Caller()
    {
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (Chance(75))
        {
            attributes["region"] = Chance(5) ? "  " : Pick(Regions);
        }

        if (Chance(50))
        {
            attributes["brand"] = Pick(Brands);
        }

        var groups = GroupIds.Append("unknown").Append("everyone").Where(_ => Chance(45)).Select(g => Chance(20) ? g.ToUpperInvariant() : g);
        return new CallerFacts("s" + random.Next(1000), [.. groups], attributes.ToImmutable(), Chance(4) ? Given.Now : Given.Later);
    }

    public Product Product()
    {
        var specifications = AiPlatform.Core.Catalog.Product.EmptySpecifications;
        if (Chance(60))
        {
            specifications = specifications.Add(Chance(50) ? "Memory" : "memory", [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Pick(Memory))]);
        }

        if (Chance(40))
        {
            specifications = specifications.Add("colour", [Pick(["red", "Blue", " ", ""])]);
        }

        return Given.Product("p" + random.Next(100_000)) with
        {
            Brand = Chance(85) ? Pick(Brands) : "",
            Class = Chance(50) ? Pick(Levels) : "",
            CategoryPath = [.. Levels.Take(random.Next(4)).Select(l => Chance(10) ? l.ToUpperInvariant() : l)],
            Price = Chance(80) ? random.Next(0, 400) / 2m : null,
            Currency = Pick(["EUR", "USD", ""]),
            Availability = Pick([Availability.Unknown, Availability.InStock, Availability.OutOfStock]),
            Regions = [.. Regions.Where(_ => Chance(40))],
            Specifications = specifications,
            AccessLevel = Chance(2) ? (DataAccessLevel)Pick([-1, 3]) : (DataAccessLevel)(Chance(50) ? 0 : random.Next(3)),
            AllowedGroups = Chance(5) ? [] : Chance(50) ? [Pick(["everyone", "Everyone "])] : [.. GroupIds.Where(_ => Chance(40)).Select(g => Chance(20) ? g.ToUpperInvariant() : g)],
            RestrictedRegions = Chance(70) ? [] : [.. Regions.Where(_ => Chance(40))],
        };
    }

    public string Catalog() => Pick([Given.Catalog, "other"]);

    public T Pick<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    public bool Chance(int percent) => random.Next(100) < percent;

    public DataFilter Filter()
    {
        var (field, values) = random.Next(8) switch
        {
            0 => (Pick(["brand", "Brand"]), Brands.Append("current-user-brand").ToArray()),
            1 => (Pick(["region", "Regions"]), Regions.Append("current-user-region").Append("Current-User-Region").ToArray()),
            2 => (Pick(["category", "categoryPath"]), ["Electronics", "electronics / audio", "Home"]),
            3 => ("price", ["50", "100.5", "current-user-region", "1,5"]),
            4 => (Pick(["spec.memory", "memory", "specifications.Memory"]), Memory),
            5 => ("availability", ["in_stock", "out_of_stock"]),
            6 => ("colour", ["red", "blue", " "]),
            _ => (Pick(["currency", "nonsense"]), new[] { "EUR", "usd" }),
        };
        var op = Chance(4) ? Pick([FilterOperator.Unknown, (FilterOperator)77])
            : field == "price" || (Chance(50) && field.Contains("emory", StringComparison.Ordinal)) ? Pick([FilterOperator.Lte, FilterOperator.Gte])
            : Pick([FilterOperator.Equals, FilterOperator.In, FilterOperator.NotIn]);
        var count = Chance(3) ? 0 : op is FilterOperator.In or FilterOperator.NotIn ? random.Next(1, 4) : Chance(95) ? 1 : 2;
        return new DataFilter(field, op, [.. Enumerable.Range(0, count).Select(_ => Pick(values))], Chance(90) ? "products" : Pick(["customers", "Products"]));
    }

    private Permission Permission()
    {
        var conditions = ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);
        if (Chance(20))
        {
            conditions = conditions.Add(Chance(85) ? "catalog" : "weather", Chance(10) ? [] : [Pick([Given.Catalog, "other"])]);
        }

        return new Permission(Pick(["products", "products", "products", "*", "models"]), Chance(90) ? [Pick(["read", "*"])] : [], conditions);
    }
}
