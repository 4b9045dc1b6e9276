using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Contracts.Tests.Catalog;

/// <summary>The catalog of the suite: every field, missing values, ties, hidden products among the others. Words are such that no stemmer changes them.</summary>
internal static class CatalogProducts
{
    public const string Name = "suite";

    /// <summary>A word, a brand and an id that only hidden products have.</summary>
    public const string SecretWord = "quokkaphone";

    public const string SecretBrand = "Mystique";

    public const string SecretId = "secret-1";

    private static readonly string[] Nouns = ["lamp", "kettle", "drum", "tent", "sofa"];
    private static readonly string[] Adjectives = ["red", "blue", "steel", "oak"];
    private static readonly string[] Brands = ["Acme", "ACME", "Bolt", "Norn", ""];

    public static ImmutableArray<Product> All { get; } = [.. Enumerable.Range(0, 230).Select(Make), .. Special()];

    public static Product Plain(string id, string name) => new() { Id = id, Name = name, AccessLevel = DataAccessLevel.Public, AllowedGroups = ["everyone"] };

    private static Product Make(int i)
    {
        var specifications = Product.EmptySpecifications;
        specifications = i % 3 == 0 ? specifications : specifications.Add("Power", [$"{i % 7 * 100} W"]);
        specifications = i % 5 == 0 ? specifications.Add("Colour", i % 2 == 0 ? ["Red", "Green"] : ["green"]) : specifications;
        return Plain($"p-{i * 37 % 1000:000}-{i}", $"{Adjectives[i % 4]} {Nouns[i % 5]}") with
        {
            Description = i % 6 == 0 ? "" : $"a {Nouns[i % 5]} of {Adjectives[i / 3 % 4]} finish, model {Adjectives[i % 3]}",
            Brand = Brands[i % 5],
            Class = i % 8 == 0 ? "" : Nouns[i % 5],
            CategoryPath = i % 9 == 0 ? [] : i % 2 == 0 ? ["Home", "Light/Heat", Nouns[i % 5]] : ["Home", "Room"],
            Price = i % 4 == 0 ? null : i * 31 % 50 / 4m,
            Currency = i % 4 == 0 ? "" : "EUR",
            Availability = (Availability)(i % 6),
            Regions = i % 3 == 0 ? [] : i % 3 == 1 ? ["EU"] : ["eu", "US"],
            Specifications = specifications,
            Rating = i % 7 == 0 ? null : i * 13 % 11 / 2.0,
            RatingCount = i % 7 == 0 ? 0 : i % 3,
            ReleasedAt = i % 10 == 0 ? null : new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(i * 17 % 40),
            AccessLevel = (DataAccessLevel)(i % 11 == 0 ? 2 : i % 4 == 3 ? 1 : 0),
            AllowedGroups = i % 13 == 0 ? ["others"] : ["everyone"],
            RestrictedRegions = i % 12 == 0 ? ["us"] : [],
        };
    }

    private static IEnumerable<Product> Special() =>
    [
        Plain("set-1", "headset cable"), Plain("set-2", "headset stand"), Plain("set-3", "headset case"), Plain("set-4", "head lice comb set"),
        Plain("cup-1", "cup without handle") with { Description = "plain" }, Plain("cup-2", "cup with handle"), Plain("cup-3", "cup"),
        Plain("phrase-1", "garden hose reel"), Plain("phrase-2", "reel for a garden hose"), Plain("phrase-3", "hose garden"),
        Plain(SecretId, SecretWord) with { AccessLevel = DataAccessLevel.Confidential, Brand = SecretBrand, Class = "Secretkind", CategoryPath = ["Vault"], Price = 99_999, Currency = "XAU" },
        Plain("secret-2", SecretWord + " lamp") with
        {
            AccessLevel = DataAccessLevel.Confidential, Brand = SecretBrand, Specifications = Product.EmptySpecifications.Add("Codename", ["Zebra"]),
        },
    ];
}
