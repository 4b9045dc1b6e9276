using System.Text.Json;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Mcp.Tools;

public sealed class UnknownValueTests(TestServer server) : IClassFixture<TestServer>
{
    public static TheoryData<string, string, string> Cases => new()
    {
        { "search_products", "\"brands\":[\"Auralsi\"]", "brands=Auralsi:Auralis" },
        { "search_products", "\"brands\":[\"Auralis\",\"Pict\"]", "brands=Pict:Pictor" },
        { "search_products", "\"brands\":[\"qqqqqqqq\"]", "brands=qqqqqqqq:" },
        { "search_products", "\"category\":\"Headphones\"", "category=Headphones:Electronics / Headphones" },
        { "search_products", "\"category\":\"Electronics > Hedphones\"", "category=Electronics / Hedphones:Electronics / Headphones" },
        { "search_products", "\"regions\":[\"EUR\"]", "regions=EUR:EU" },
        { "search_products", "\"regions\":[\"UE\"]", "regions=UE:EU,US" },
        { "search_products", "\"regions\":[\"Europe\"]", "regions=Europe:EU" },
        { "search_products", "\"category\":\"Electronic / Headphone\"", "category=Electronic / Headphone:Electronics / Headphones" },
        { "search_products", "\"category\":\"Electronics / Audio / Headphones\"", "category=Electronics / Audio / Headphones:Electronics / Headphones,Electronics" },
        { "search_products", "\"category\":\"Electronics / Qqqqq\"", "category=Electronics / Qqqqq:Electronics" },
        { "search_products", "\"brands\":[\"Pictor Audio\"]", "brands=Pictor Audio:Pictor" },
        { "search_products", "\"brands\":[\"The pic tor\"]", "brands=The pic tor:Pictor" },
        { "search_products", "\"facets\":[\"brnd\"]", "facets=brnd:brand" },
        { "list_facets", "\"fields\":[\"availabilty\"]", "fields=availabilty:availability" },
        { "search_products", "\"specifications\":[{\"name\":\"colour\",\"operator\":\"equals\",\"values\":[\"black\"]}]", "specifications=colour:color" },
        { "search_products", "\"specifications\":[{\"name\":\"Color\",\"operator\":\"in\",\"values\":[\"blakc\",\"white\"]}]", "specifications=blakc:black" },
        { "search_products", "\"facets\":[\"spec.batery\"]", "facets=batery:battery" },
        { "find_similar_products", "\"id\":\"e-02\",\"brands\":[\"Pictr\"]", "brands=Pictr:Pictor" },
        { "list_facets", "\"fields\":[\"colr\"]", "fields=colr:color" },
        { "list_facets", "\"brands\":[\"oaklin\"]", "brands=oaklin:Oakline" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Call_UnknownValue_IsAnsweredWithTheNearest(string tool, string arguments, string expected)
    {
        var result = (await server.CallAsync(server.Europe, tool, $$"""{"catalog":"sample",{{arguments}}}""")).GetProperty("result");
        var unknown = result.GetProperty("structuredContent").GetProperty("unknown_values").EnumerateArray().Select(Words);

        Assert.False(result.GetProperty("isError").GetBoolean());
        Assert.Equal([expected], unknown);
        Assert.Contains(expected.Split('=', ':')[1], result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("search_products", "\"query\":\"headphones\"")]
    [InlineData("search_products", "\"brands\":[\" AURALIS\"],\"category\":\"home\",\"regions\":[\"eu\"],\"facets\":[\"brand\",\"spec.color\",\"price\"]")]
    [InlineData("search_products", "\"specifications\":[{\"name\":\"COLOR\",\"operator\":\"in\",\"values\":[\"Black\"]},{\"name\":\"battery\",\"operator\":\"range\",\"min\":1}]")]
    [InlineData("search_products", "\"category\":\"Electronics>Headphones\",\"brands\":[\"Oakline\"]")]
    public async Task Call_KnownValues_SaysNothing(string tool, string arguments)
    {
        var result = (await server.CallAsync(server.Europe, tool, $$"""{"catalog":"sample",{{arguments}}}""")).GetProperty("result");

        Assert.False(result.GetProperty("structuredContent").TryGetProperty("unknown_values", out _), result.GetRawText());
    }

    [Theory]
    [InlineData("list_facets", "fields")]
    [InlineData("search_products", "facets")]
    public async Task Call_UnknownField_CountsNoFieldThatIsInvented(string tool, string argument)
    {
        var answer = (await server.CallAsync(server.Europe, tool, $$"""{"catalog":"sample","{{argument}}":["brnd","brand"]}""")).GetProperty("result").GetProperty("structuredContent");

        Assert.Equal(["brand"], answer.GetProperty("facets").EnumerateArray().Select(f => f.GetProperty("field").GetString()));
    }

    [Fact]
    public async Task Call_HiddenBrand_IsUnknownAndNeverNamed()
    {
        foreach (var brand in new[] { "Mystique", "Mystiqe", "Myst", "Mystique Audio", "my stique" })
        {
            var hidden = (await server.CallAsync(server.Europe, "search_products", $$"""{"catalog":"sample","brands":["{{brand}}"]}""")).GetProperty("result").GetProperty("structuredContent");
            Assert.Equal($"brands={brand}:", Words(hidden.GetProperty("unknown_values")[0]));
            Assert.Equal(0, hidden.GetProperty("total").GetInt32());
        }

        var seen = (await server.CallAsync(server.Administrator, "search_products", """{"catalog":"sample","brands":["Mystiqe"]}""")).GetProperty("result").GetProperty("structuredContent");
        Assert.Equal("brands=Mystiqe:Mystique", Words(seen.GetProperty("unknown_values")[0]));
    }

    private static string Words(JsonElement unknown) =>
        $"{unknown.GetProperty("argument").GetString()}={unknown.GetProperty("value").GetString()}:{string.Join(',', unknown.GetProperty("nearest").EnumerateArray().Select(n => n.GetString()))}";
}
