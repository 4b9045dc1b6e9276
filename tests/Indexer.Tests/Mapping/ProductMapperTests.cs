using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Tests.Support;
using AiPlatform.Indexer.Validation;

namespace AiPlatform.Indexer.Tests.Mapping;

public sealed class ProductMapperTests
{
    private const string Open = "  accessLevel: { constant: public }\n  allowedGroups: { constant: [everyone] }\n";

    [Fact]
    public async Task Map_EsciRow_FillsTheProduct()
    {
        var mapping = await MappingReader.ReadAsync(Repository.Mapping("esci150"), CancellationToken.None);
        var product = Map(mapping, """
            {"productId":"B1","name":"Towel","class":"Towels","categoryPath":"Home / Bath / Towels","description":"Soft.","features":{"brand":["Loom"],"price":["12.50"],"color":["Blue"]},
             "ratingCount":3,"averageRating":4.5,"reviewCount":3}
            """);
        Assert.Equal("Loom", product.Brand);
        Assert.Equal(12.5m, product.Price);
        Assert.Equal("USD", product.Currency);
        Assert.Equal(["Home", "Bath", "Towels"], product.CategoryPath.ToArray());
        Assert.Equal(4.5, product.Rating);
        Assert.Equal(3, product.RatingCount);
        Assert.Equal(["color"], product.Specifications.Keys);
        Assert.True(product.IsVisibleToEveryone);
    }

    [Fact]
    public async Task Map_NoRatingsAndNoPrice_LeavesRatingAndCurrencyEmpty()
    {
        var mapping = await MappingReader.ReadAsync(Repository.Mapping("icecat135"), CancellationToken.None);
        var product = Map(mapping, """{"productId":"1","name":"x","class":"","categoryPath":"","description":"","features":{},"ratingCount":0,"averageRating":0}""");
        Assert.Null(product.Rating);
        Assert.Null(product.Price);
        Assert.Equal("", product.Currency);
        Assert.Empty(product.CategoryPath);
    }

    [Theory]
    [InlineData("decimal", "1234.5", "1234.5")]
    [InlineData("decimal_comma", "1.234,50", "1234.50")]
    [InlineData("decimal_comma", "1 234,50", "1234.50")]
    [InlineData("decimal_thousands", "1,234.50", "1234.50")]
    public void Map_NumberNotation_IsRead(string parse, string text, string expected)
    {
        var product = Map($"fields:\n  id: id\n  name: id\n  price: {{ path: p, parse: {parse} }}\n  currency: {{ constant: eur }}\n{Open}", $$"""{"id":"1","p":"{{text}}"}""");
        Assert.Equal(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), product.Price);
        Assert.Equal("EUR", product.Currency);
    }

    [Theory]
    [InlineData("", "2024-03-05", "2024-03-05T00:00:00Z")]
    [InlineData("", "2024-03", "2024-03-01T00:00:00Z")]
    [InlineData("", "2024-03-05T10:00:00+02:00", "2024-03-05T08:00:00Z")]
    [InlineData(", format: dd.MM.yyyy", "05.03.2024", "2024-03-05T00:00:00Z")]
    [InlineData(", format: unix_seconds", "1709596800", "2024-03-05T00:00:00Z")]
    [InlineData(", format: unix_milliseconds", "1709596800000", "2024-03-05T00:00:00Z")]
    public void Map_Date_IsRead(string format, string text, string expected)
    {
        var product = Map($"fields:\n  id: id\n  name: id\n  releasedAt: {{ path: d, parse: date{format} }}\n{Open}", $$"""{"id":"1","d":"{{text}}"}""");
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), product.ReleasedAt);
    }

    [Theory]
    [InlineData("price", "1,234.50", "not_a_number")]
    [InlineData("rating", "good", "not_a_number")]
    [InlineData("ratingCount", "1.5", "not_a_whole_number")]
    [InlineData("releasedAt", "yesterday", "not_a_date")]
    [InlineData("availability", "maybe", "unknown_availability")]
    public void Map_UnreadableValue_RefusesTheRow(string field, string text, string code)
    {
        var currency = field == "price" ? "\n  currency: { constant: EUR }" : "";
        var problem = Assert.Single(Problems($"fields:\n  id: id\n  name: id\n  {field}: {{ path: v, default: {(field == "availability" ? "in_stock" : "1")} }}{currency}\n{Open}", $$"""{"id":"1","v":"{{text}}"}"""));
        Assert.Equal((field, code), (problem.Field, problem.Code));
    }

    [Fact]
    public void Map_ValuesAndDefault_AreApplied()
    {
        const string Yaml = "fields:\n  id: id\n  name: [title, id]\n  availability: { path: stock, values: { \"TRUE\": in_stock, \"0\": out_of_stock }, default: preorder }\n  regions: { path: r, split: \",\" }\n" + Open;
        Assert.Equal(Availability.InStock, Map(Yaml, """{"id":"1","stock":true}""").Availability);
        Assert.Equal(Availability.OutOfStock, Map(Yaml, """{"id":"1","stock":0}""").Availability);
        Assert.Equal(Availability.Preorder, Map(Yaml, """{"id":"1","stock":" "}""").Availability);
        Assert.Equal("t", Map(Yaml, """{"id":"1","title":"t"}""").Name);
        Assert.Equal("1", Map(Yaml, """{"id":"1","title":""}""").Name);
        Assert.Equal(["eu", "us"], Map(Yaml, """{"id":"1","r":" US , EU,,eu"}""").Regions.ToArray());
    }

    [Theory]
    [InlineData("""{"id":"1"}""", "access_level_missing")]
    [InlineData("""{"id":"1","level":"","groups":["everyone"]}""", "access_level_missing")]
    [InlineData("""{"id":"1","level":"top secret","groups":["everyone"]}""", "unknown_access_level")]
    [InlineData("""{"id":"1","level":"public"}""", "allowed_groups_missing")]
    [InlineData("""{"id":"1","level":"public","groups":null}""", "allowed_groups_missing")]
    [InlineData("""{"id":"1","level":"public","groups":{"a":1}}""", "not_a_value")]
    [InlineData("""{"id":"1","level":["public","internal"],"groups":["everyone"]}""", "several_values")]
    public void Map_AccessUnclear_RefusesTheRow(string row, string code) =>
        Assert.Contains(Problems("fields:\n  id: id\n  name: id\n  accessLevel: level\n  allowedGroups: groups\n", row), p => p.Code == code);

    [Fact]
    public void Map_GroupsPresentButEmpty_MeansNobodyEvenWithADefault()
    {
        const string Yaml = "fields:\n  id: id\n  name: id\n  accessLevel: { path: level, default: internal }\n  allowedGroups: { path: groups, default: [everyone] }\n";
        Assert.Empty(Map(Yaml, """{"id":"1","groups":[]}""").AllowedGroups.ToArray());
        Assert.Empty(Map(Yaml, """{"id":"1","groups":[""]}""").AllowedGroups.ToArray());
        Assert.Empty(Map(Yaml, """{"id":"1","groups":[null]}""").AllowedGroups.ToArray());
        Assert.Equal(["everyone"], Map(Yaml, """{"id":"1"}""").AllowedGroups.ToArray());
        Assert.Equal(DataAccessLevel.Internal, Map(Yaml, """{"id":"1"}""").AccessLevel);
        Assert.Equal(["eu-retail"], Map(Yaml, """{"id":"1","groups":["EU-Retail"," eu-retail "]}""").AllowedGroups.ToArray());
    }

    [Fact]
    public void Map_Specifications_AreRenamedExcludedSplitAndJoined()
    {
        const string Yaml = $$"""
            fields:
              id: id
              name: id
            {{Open}}
            specifications:
              from: f
              split: "|"
              exclude: [brand]
              rename: { color: colour }
              columns:
                colour: extra
                weight: { path: dims.weight, split: ";" }
            """;
        var specifications = Map(Yaml, """{"id":"1","f":{"brand":"x","color":"red|blue","ram":[8,"16 GB"],"none":null},"extra":"red","dims":{"weight":"1;2"}}""").Specifications;
        Assert.Equal(["colour", "ram", "weight"], specifications.Keys);
        Assert.Equal(["red", "blue"], specifications["colour"].ToArray());
        Assert.Equal(["8", "16 GB"], specifications["ram"].ToArray());
        Assert.Equal(["1", "2"], specifications["weight"].ToArray());
    }

    [Fact]
    public void Map_TooLong_IsCutOnlyWhereTheMappingSaysSo()
    {
        var longName = new string('n', ProductLimits.NameCharacters + 5);
        Assert.Equal(ProductLimits.NameCharacters, Map($"fields:\n  id: id\n  name: {{ path: n, tooLong: cut }}\n{Open}", $$"""{"id":"1","n":"{{longName}}"}""").Name.Length);
        Assert.Equal(longName, Map($"fields:\n  id: id\n  name: n\n{Open}", $$"""{"id":"1","n":"{{longName}}"}""").Name);
    }

    [Fact]
    public void Map_HiddenCharacters_AreRemovedFromTextsButNotFromTheId()
    {
        var product = Map($"fields:\n  id: id\n  name: n\n  description: d\n{Open}", "{\"id\":\"a\\u200bb\",\"n\":\"safe\\u202e \\u0007name\",\"d\":\"one\\r\\ntwo\\u2066\"}");
        Assert.Equal("a\u200bb", product.Id);
        Assert.Equal("safe name", product.Name);
        Assert.Equal("one\ntwo", product.Description);
    }

    private static Product Map(string yaml, string row) => Map(MappingReader.Parse(yaml, "test"), row);

    private static Product Map(CatalogMapping mapping, string row)
    {
        var problems = new List<RowProblem>();
        var product = new ProductMapper(mapping).Map(Rows.Json(row), problems);
        Assert.Empty(problems);
        return product!;
    }

    private static List<RowProblem> Problems(string yaml, string row)
    {
        var problems = new List<RowProblem>();
        Assert.Null(new ProductMapper(MappingReader.Parse(yaml, "test")).Map(Rows.Json(row), problems));
        return problems;
    }
}
