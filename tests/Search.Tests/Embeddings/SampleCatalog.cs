using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Tests.Embeddings;

/// <summary>Made-up products of four kinds, each with its own words and some that go together without standing in every name.</summary>
internal static class SampleCatalog
{
    private static readonly (string Class, string[] Words)[] Kinds =
    [
        ("Headphones", ["wireless", "headphones", "earbuds", "bluetooth", "noise", "cancelling", "audio", "bass"]),
        ("Shoes", ["running", "shoes", "sneakers", "trail", "cushioned", "sole", "laces", "marathon"]),
        ("Cookware", ["steel", "pan", "skillet", "nonstick", "frying", "kitchen", "lid", "handle"]),
        ("Lamps", ["desk", "lamp", "light", "led", "dimmable", "bulb", "reading", "warm"]),
    ];

    public static List<Product> Make(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => One(i, random))];
    }

    public static Product Hidden(Product product, int how) => how switch
    {
        0 => product with { AccessLevel = DataAccessLevel.Internal },
        1 => product with { AllowedGroups = ["partners"] },
        2 => product with { RestrictedRegions = ["EU"] },
        _ => product with { AllowedGroups = [] },
    };

    public static int KindOf(Product product) => Array.FindIndex(Kinds, k => k.Class == product.Class);

    private static Product One(int number, Random random)
    {
        var (kind, words) = Kinds[number % Kinds.Length];
        string Pick() => words[random.Next(words.Length)];
        return new Product
        {
            Id = $"p{number}",
            Name = $"Brand{number % 7} {Pick()} {Pick()}, model {random.Next(90)}",
            Class = kind,
            Brand = $"Brand{number % 7}",
            CategoryPath = ["All", kind],
            Description = $"A {Pick()} {Pick()} {Pick()} thing with {Pick()}",
            Specifications = Product.EmptySpecifications.Add("colour", [random.Next(2) == 0 ? "black" : "white"]),
            AccessLevel = DataAccessLevel.Public,
            AllowedGroups = ["everyone"],
        };
    }
}
