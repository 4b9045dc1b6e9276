using System.Collections.Immutable;
using System.Text.Json;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Mapping;

public sealed class MappingReaderTests
{
    [Theory]
    [InlineData("esci150")]
    [InlineData("icecat135")]
    [InlineData("sample")]
    public async Task Read_ShippedMapping_IsValid(string name) =>
        Assert.Equal("english", (await MappingReader.ReadAsync(Repository.Mapping(name), CancellationToken.None)).Analyzer);

    [Fact]
    public void Parse_NoAccessRules_IsRefusedWithTheReason()
    {
        var errors = Errors("fields:\n  id: id\n  name: name\n");
        Assert.Contains(errors, e => e.Field == "fields.accessLevel" && e.Message.Contains("not published by guess", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.Field == "fields.allowedGroups" && e.Message.Contains("not published by guess", StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_ManyMistakes_NamesAllWithLineAndField()
    {
        var errors = Errors("""
            analyzer: klingon
            fields:
              id: "a..b"
              name: { path: name, default: [] }
              colour: c
              price: { path: p, parse: date }
              availability: { path: s, default: maybe }
              description: { path: d, constant: x }
              brand: { path: b, split: "," }
              accessLevel: { constant: secret }
              allowedGroups: { path: g, when: x }
            specifications:
              include: [a]
            typo: 1
            """);
        string[] expected =
        [
            "1 analyzer", "3 fields.id", "4 fields.name.default", "5 fields.colour", "6 fields.price.parse", "7 fields.availability.default", "8 fields.description",
            "9 fields.brand.split", "10 fields.accessLevel.constant", "11 fields.allowedGroups.when", "13 specifications", "14 typo",
        ];
        var found = errors.Select(e => $"{e.Line} {e.Field}").ToHashSet();
        Assert.All(expected, e => Assert.Contains(e, found));
        Assert.Contains(errors, e => e.Field == "fields.currency");
        Assert.Equal(errors.OrderBy(e => e.Line).Select(e => e.Line), errors.Select(e => e.Line));
    }

    [Theory]
    [InlineData("")]
    [InlineData("just text")]
    [InlineData("fields: [1")]
    [InlineData("fields:\n  id: a\n  id: b\n")]
    [InlineData("fields:\n  id:\n  name: n\n  accessLevel: a\n  allowedGroups: g\n")]
    [InlineData("- a\n- b\n")]
    public void Parse_NoMapping_IsRefused(string yaml) => Assert.NotEmpty(Errors(yaml));

    [Fact]
    public async Task Read_MissingFile_SaysSo()
    {
        var thrown = await Assert.ThrowsAsync<MappingException>(() => MappingReader.ReadAsync("no/such/file.yaml", CancellationToken.None));
        Assert.Contains("--mapping", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PublishedSchema_NamesExactlyTheKeysThatAreRead()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "mapping.schema.json")));
        var root = schema.RootElement;
        Assert.Equal(MappingReader.TopKeys.Order(), Keys(root));
        Assert.Equal(TargetFields.ByName.Keys.Order(), Keys(root.GetProperty("properties").GetProperty("fields")));
        Assert.Equal(FieldSection.Keys.Order(), Keys(root.GetProperty("$defs").GetProperty("rule")));
        Assert.Equal(SpecificationSection.Keys.Order(), Keys(root.GetProperty("properties").GetProperty("specifications")));
        Assert.Equal(
            FieldSection.Parses.Order(),
            root.GetProperty("$defs").GetProperty("rule").GetProperty("properties").GetProperty("parse").GetProperty("enum").EnumerateArray().Select(e => e.GetString()!).Order());
        Assert.Equal(
            TargetFields.Required.Select(TargetFields.Name).Order(),
            root.GetProperty("properties").GetProperty("fields").GetProperty("required").EnumerateArray().Select(e => e.GetString()!).Order());
    }

    private static IEnumerable<string> Keys(JsonElement element) => element.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order();

    private static ImmutableArray<MappingError> Errors(string yaml) =>
        Assert.Throws<MappingException>(() => MappingReader.Parse(yaml, "test.yaml")).Errors;
}
