using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp.Tools.Comparing;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Mcp.Tools;

public sealed class CompareProductsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public void Rows_NamesAndUnitsInSeveralSpellings_AreAlignedAndComparedByNumber()
    {
        var rows = ProductComparison.Rows(
        [
            Product("a", ("Memory", ["16 GB"]), ("Weight", ["1.50 kg"]), ("Ports", ["USB", "HDMI"]), ("Only", ["yes"])),
            Product("b", ("MEMORY", ["16.0gb"]), ("weight", ["2 kg"]), ("ports", ["hdmi", " usb"])),
            Product("c", (" memory", ["16GB"]), ("Weight", ["3 lb"]), ("Ports", ["USB", "HDMI"])),
        ]);

        Assert.Equal(["Weight", "Only", "Memory", "Ports"], rows.Select(r => r.Name));
        Assert.Equal([true, true, false, false], rows.Select(r => r.Differs));
        Assert.Equal([null, null, "GB", null], rows.Select(r => r.Unit));
        Assert.Equal("1.50 kg,2 kg,3 lb", string.Join(',', rows[0].Values));
        Assert.Equal("yes,,", string.Join(',', rows[1].Values));
    }

    [Fact]
    public void Rows_SpecificationNamedLikeAField_KeepsItsOwnRow()
    {
        var rows = ProductComparison.Rows([Product("a", ("Price", ["high"])) with { Price = 10, Currency = "EUR" }, Product("b", ("price", ["low"])) with { Price = 10.0m, Currency = "eur" }]);

        Assert.Equal(["spec.Price", "price"], rows.Select(r => r.Name));
        Assert.Equal([true, false], rows.Select(r => r.Differs));
    }

    [Fact]
    public async Task Call_SeenAndHiddenIds_ComparesTheSeenAndTheTextMirrorsIt()
    {
        var result = (await server.CallAsync(server.Europe, "compare_products", """{"catalog":"sample","ids":["e-03","secret-1","e-00","none"]}""")).GetProperty("result");
        var structured = result.GetProperty("structuredContent");
        var battery = structured.GetProperty("rows").EnumerateArray().Single(r => r.GetProperty("name").GetString() == "battery");
        var text = result.GetProperty("content")[0].GetProperty("text").GetString()!;

        Assert.Equal(["e-03", "e-00"], structured.GetProperty("products").EnumerateArray().Select(p => p.GetProperty("id").GetString()));
        Assert.Equal(["secret-1", "none"], structured.GetProperty("not_found").EnumerateArray().Select(p => p.GetString()));
        Assert.Equal(["13 h", "10 h"], battery.GetProperty("values").EnumerateArray().Select(v => v.GetString()));
        Assert.Equal("h", battery.GetProperty("unit").GetString());
        Assert.Contains("battery: 13 h | 10 h\n", text, StringComparison.Ordinal);
        Assert.Contains("brand: Auralis (all)\n", text, StringComparison.Ordinal);
        Assert.Equal(3, result.GetProperty("content").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"catalog":"sample","ids":["e-03"]}""")]
    [InlineData("""{"catalog":"sample","ids":["e-03","e-03"]}""")]
    public async Task Call_FewerThanTwoIds_IsRefused(string arguments)
    {
        var error = (await server.CallAsync(server.Europe, "compare_products", arguments)).GetProperty("result").GetProperty("structuredContent").GetProperty("error");

        Assert.Equal(("invalid_argument", "ids"), (error.GetProperty("code").GetString(), error.GetProperty("argument").GetString()));
        Assert.Contains("2 to 10", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static Product Product(string id, params (string Name, string[] Values)[] specifications) => new()
    {
        Id = id,
        Name = id,
        AccessLevel = DataAccessLevel.Public,
        AllowedGroups = ["everyone"],
        Specifications = specifications.ToImmutableSortedDictionary(s => s.Name, s => s.Values.ToImmutableArray(), StringComparer.Ordinal),
    };
}
