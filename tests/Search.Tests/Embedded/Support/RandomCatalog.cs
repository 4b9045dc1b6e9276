using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Tests.Embedded.Support;

/// <summary>
/// Random policies, callers, products and queries from a small vocabulary, so that rules and words meet often, with the awkward cases in
/// it: blank and repeated values, case, compatibility characters, units, groups and levels that do not exist.
/// </summary>
internal sealed class RandomCatalog(Random random)
{
    private static readonly string[] GroupIds = ["alpha", "beta", "gamma", "admins"];
    private static readonly string[] Regions = ["EU", "eu", " US ", "APAC"];
    private static readonly string[] RestrictedRegions = ["EU", "eu", " US ", "APAC", " ", ""];
    private static readonly string[] Brands = ["Acme", "ACME", "acme", "Bolt", "Çelik", "Ａcme", "Zyntrix", "Zintrix", "Head Set Co"];
    private static readonly string[] Levels = ["Electronics", "Audio/Video", "Phones", "Home"];
    private static readonly string[] Memory = ["8", "16 GB", "16GB", "32GB", "8-16", "n/a", "2.5", "-4", "64 GB", "８ GB"];
    private static readonly string[] Words =
    [
        "headset", "head", "set", "speaker", "speakers", "speeker", "wireless", "wired", "lamp", "lamps", "kettle", "kettles", "bluetooth", "charger",
        "sun", "flower", "sunflower", "keyboard", "handle", "handles", "without", "free", "no", "black", "steel", "quokkaphone", "quokkaphones", "the", "with", "q7x",
    ];

    private static readonly string[] Typos = ["speker", "hedset", "ketle", "bluetoth", "zyntrx", "keybord", "chargr", "quokaphone", "sunflwer", "wirelss", "handel", "lampp"];

    public AccessPolicy Policy() => Given.Policy([.. GroupIds.Where(_ => Chance(80)).Select(Group)]) with { Version = "v" + random.Next(3) };

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
        return new CallerFacts("s" + random.Next(1000), [.. groups], attributes.ToImmutable(), Chance(3) ? Given.Now.AddYears(-10) : DateTimeOffset.MaxValue);
    }

    public List<Product> Products(int count) => [.. Enumerable.Range(0, count).Select(i => Product($"{Pick(["p", "P", "ｐ", "商"])}{(i * 7919) % 1000:000}-{i}"))];

    public Product Product(string id)
    {
        var specifications = AiPlatform.Core.Catalog.Product.EmptySpecifications;
        if (Chance(60))
        {
            specifications = specifications.Add(Chance(50) ? "Memory" : "memory", [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Pick(Memory))]);
        }

        if (Chance(40))
        {
            specifications = specifications.Add("colour", [Pick(["red", "Blue", "RED", " ", ""])]);
        }

        return Given.Product(id, Text(1, 4)) with
        {
            Description = Chance(70) ? Text(0, 14) : "",
            Brand = Chance(85) ? Pick(Brands) : "",
            Class = Chance(50) ? Pick(["Headset", "headset", "Lamps", "Kettle", "The"]) : "",
            CategoryPath = [.. Levels.Take(random.Next(5)).Select(l => Chance(10) ? l.ToUpperInvariant() : l)],
            Price = Chance(80) ? random.Next(0, 400) / 2m : null,
            Currency = Pick(["EUR", "USD", ""]),
            Availability = Pick([Availability.Unknown, Availability.InStock, Availability.OutOfStock]),
            Regions = [.. Regions.Where(_ => Chance(40))],
            Specifications = specifications,
            Rating = Chance(60) ? random.Next(0, 51) / 10.0 : null,
            RatingCount = Chance(60) ? random.Next(0, 4) : 0,
            ReleasedAt = Chance(60) ? Given.Now.AddDays(-random.Next(0, 30)) : null,
            AccessLevel = Chance(2) ? (DataAccessLevel)Pick([-1, 3]) : (DataAccessLevel)(Chance(50) ? 0 : random.Next(3)),
            AllowedGroups = Chance(5) ? [] : Chance(50) ? [Pick(["everyone", "Everyone "])] : [.. GroupIds.Where(_ => Chance(40)).Select(g => Chance(20) ? g.ToUpperInvariant() : g)],
            RestrictedRegions = Chance(70) ? [] : [.. RestrictedRegions.Where(_ => Chance(25))],
        };
    }

    /// <summary>A question: words, typos, phrases, compounds, negations, sometimes nothing.</summary>
    public string Query() => random.Next(12) switch
    {
        0 => "",
        1 => $"\"{Pick(Words)} {Pick(Words)}\"",
        2 => $"{Pick(Words)} without {Pick(Words)}",
        3 => Pick(["head set", "sun flower", "head set black", "speaker head set"]),
        4 => Pick(Typos),
        5 => $"{Pick(Typos)} {Pick(Words)}",
        6 => Pick(Brands),
        7 => $"{Pick(Brands)} {Pick(Words)}",
        _ => Text(1, 4),
    };

    public string Prefix() => Pick(["s", "sp", "k", "h", "z", "zy", "a", "q", "the", "head s", "black k", "wi", "l", "ç", "no"]);

    public T Pick<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    public bool Chance(int percent) => random.Next(100) < percent;

    private string Text(int least, int most) => string.Join(' ', Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => Pick(Words)));

    private GroupPolicy Group(string id) => new()
    {
        Id = id,
        Tier = Pick(["free", "premium", "enterprise", "enterprise", "enterprise", "unheard-of"]),
        DataAccessLevel = (DataAccessLevel)random.Next(3),
        Permissions = [Permission()],
        DataFilters = [.. Enumerable.Range(0, Chance(45) ? 0 : random.Next(1, 3)).Select(_ => Filter())],
    };

    private Permission Permission()
    {
        var conditions = ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);
        if (Chance(15))
        {
            conditions = conditions.Add(Chance(85) ? "catalog" : "weather", Chance(10) ? [] : [Pick([Given.Catalog, Given.Catalog, "other"])]);
        }

        return new Permission(Pick(["products", "products", "products", "*", "models"]), Chance(92) ? [Pick(["read", "*"])] : [], conditions);
    }

    private DataFilter Filter()
    {
        var (field, values) = random.Next(11) switch
        {
            0 => (Pick(["brand", "Brand"]), Brands.Append("current-user-brand").ToArray()),
            1 => (Pick(["region", "Regions"]), Regions.Append("current-user-region").Append("Current-User-Region").ToArray()),
            2 => (Pick(["category", "categoryPath"]), ["Electronics", "electronics / audio/video", "Home"]),
            3 => ("price", ["50", "100.5", "current-user-region", "1,5"]),
            4 => (Pick(["spec.memory", "memory", "specifications.Memory"]), Memory),
            5 => ("availability", ["in_stock", "out_of_stock"]),
            6 => ("colour", ["red", "blue", " "]),
            7 => ("rating", ["2.5", "4", "0"]),
            8 => ("id", ["P919-1", "p838-2", "ｐ757-3", "商000-0"]),
            9 => (Pick(["restrictedRegions", "accessLevel"]), ["eu", "public", "internal", "apac"]),
            _ => (Pick(["currency", "nonsense", "class"]), ["EUR", "usd", "headset"]),
        };
        var numeric = field is "price" or "rating" || (Chance(50) && field.Contains("emory", StringComparison.Ordinal));
        var op = Chance(3) ? Pick([FilterOperator.Unknown, (FilterOperator)77])
            : numeric ? Pick([FilterOperator.Lte, FilterOperator.Gte])
            : Pick([FilterOperator.Equals, FilterOperator.In, FilterOperator.NotIn]);
        var count = Chance(3) ? 0 : op is FilterOperator.In or FilterOperator.NotIn ? random.Next(1, 4) : Chance(95) ? 1 : 2;
        return new DataFilter(field, op, [.. Enumerable.Range(0, count).Select(_ => Pick(values))], Chance(92) ? "products" : Pick(["customers", "Products"]));
    }
}
