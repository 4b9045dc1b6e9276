using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Validation;

namespace AiPlatform.Indexer.Tests.Validation;

public sealed class ProductValidatorTests
{
    private static readonly Product Good = new()
    {
        Id = "1", Name = "n", AccessLevel = DataAccessLevel.Public, AllowedGroups = ["everyone"], Price = 0, Currency = "EUR", Rating = 5, RatingCount = 1,
        Url = "https://example.com/a", CategoryPath = [.. Enumerable.Repeat("c", ProductLimits.CategoryDepth)],
    };

    public static TheoryData<string, string, Func<Product, Product>> Bad { get; } = new()
    {
        { "id", "id_missing", p => p with { Id = "" } },
        { "id", "id_too_long", p => p with { Id = new string('é', 257) } },
        { "id", "id_has_hidden_characters", p => p with { Id = "a\tb" } },
        { "id", "id_has_hidden_characters", p => p with { Id = "a\u200bb" } },
        { "name", "name_missing", p => p with { Name = "" } },
        { "name", "too_long", p => p with { Name = new string('n', 1_001) } },
        { "name", "hidden_characters", p => p with { Name = "a\u202eb" } },
        { "description", "too_long", p => p with { Description = new string('é', (16 * 1024) + 1) } },
        { "brand", "too_long", p => p with { Brand = new string('b', 301) } },
        { "categoryPath", "category_too_deep", p => p with { CategoryPath = [.. Enumerable.Repeat("c", 11)] } },
        { "price", "price_out_of_range", p => p with { Price = -0.01m } },
        { "price", "price_out_of_range", p => p with { Price = 2_000_000_000 } },
        { "price", "price_precision", p => p with { Price = 9.99999m } },
        { "currency", "currency_missing", p => p with { Currency = "" } },
        { "currency", "invalid_currency", p => p with { Currency = "EURO" } },
        { "currency", "invalid_currency", p => p with { Currency = "eur" } },
        { "rating", "rating_out_of_range", p => p with { Rating = 5.01 } },
        { "rating", "rating_out_of_range", p => p with { Rating = -1 } },
        { "rating", "rating_out_of_range", p => p with { Rating = double.NaN } },
        { "ratingCount", "rating_count_negative", p => p with { RatingCount = -1 } },
        { "specifications", "too_many_specifications", p => p with { Specifications = Specifications(201, 1, "v") } },
        { "specifications", "too_many_values", p => p with { Specifications = Specifications(1, 51, "v") } },
        { "specifications", "value_too_long", p => p with { Specifications = Specifications(1, 1, new string('v', 501)) } },
        { "specifications", "invalid_specification_key", p => p with { Specifications = Product.EmptySpecifications.Add(new string('k', 101), ["v"]) } },
        { "allowedGroups", "too_many_items", p => p with { AllowedGroups = [.. Enumerable.Range(0, 101).Select(i => $"g{i}")] } },
        { "regions", "invalid_item", p => p with { Regions = [""] } },
        { "restrictedRegions", "invalid_item", p => p with { RestrictedRegions = [new string('r', 65)] } },
        { "url", "invalid_url", p => p with { Url = "/relative" } },
        { "url", "invalid_url", p => p with { Url = "javascript:alert(1)" } },
        { "url", "invalid_url", p => p with { Url = "https://user:secret@example.com/" } },
        { "imageUrl", "invalid_url", p => p with { ImageUrl = "file:///etc/passwd" } },
        { "imageUrl", "invalid_url", p => p with { ImageUrl = "https://example.com/" + new string('a', 2_048) } },
    };

    [Fact]
    public void Validate_GoodProduct_HasNoProblem() => Assert.Empty(Problems(Good));

    [Fact]
    public void Validate_AtEveryBound_HasNoProblem() => Assert.Empty(Problems(Good with
    {
        Id = new string('é', 256), Name = new string('n', 1_000), Description = new string('d', 32 * 1024), Specifications = Specifications(200, 50, new string('v', 500)),
    }));

    [Theory]
    [MemberData(nameof(Bad))]
    public void Validate_BadProduct_NamesFieldAndCode(string field, string code, Func<Product, Product> spoil)
    {
        var problem = Assert.Single(Problems(spoil(Good)));
        Assert.Equal((field, code), (problem.Field, problem.Code));
        Assert.NotEmpty(problem.Reason);
    }

    [Fact]
    public void Validate_SeveralProblems_AreToldTogether() =>
        Assert.Equal(3, Problems(Good with { Name = "", Rating = 9, Url = "x" }).Count);

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> Specifications(int keys, int values, string value) =>
        Enumerable.Range(0, keys).ToImmutableSortedDictionary(k => $"key {k:000}", _ => Enumerable.Repeat(value, values).ToImmutableArray(), StringComparer.Ordinal);

    private static List<RowProblem> Problems(Product product)
    {
        var problems = new List<RowProblem>();
        ProductValidator.Validate(product, problems);
        return problems;
    }
}
