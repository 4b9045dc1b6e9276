using System.Text;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Mcp.Tools;

/// <summary>The words of errors, as recorded: read the difference as the model will, then record it anew.</summary>
public sealed class ErrorTextTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Errors_AreAsRecorded()
    {
        var texts = new StringBuilder();
        foreach (var (tool, arguments) in ArgumentTests.Wrong.Select(w => ((string)w[0], (string)w[1])).Concat(More))
        {
            var result = (await server.CallAsync(server.Administrator, tool, arguments)).GetProperty("result");
            Assert.True(result.GetProperty("isError").GetBoolean(), $"{tool} {arguments} is no error");
            texts.Append($"{tool} {arguments}\n  {result.GetProperty("content")[0].GetProperty("text").GetString()}\n");
        }

        Snapshot.Assert("tests/McpServer.Tests/Mcp/Tools/errors.txt", texts.ToString());
    }

    private static IEnumerable<(string, string)> More =>
    [
        ("search_products", """{"catalog":"sampel"}"""),
        ("search_products", """{"catalog":"nowhere"}"""),
        ("search_products", """{"catalog":"sample","sort":"price_ascending"}"""),
        ("search_products", """{"catalog":"sample","availability":["instock"]}"""),
        ("search_products", """{"catalog":"sample","facets":["allowed_groups"]}"""),
        ("find_similar_products", """{"catalog":"sample","id":"gone"}"""),
        ("compare_products", """{"catalog":"sample","ids":["e-01"]}"""),
        ("explain_access", """{"catalog":"sample","id":"e-01"}"""),
        ("explain_access", """{"catalog":"sample","id":"gone","groups":["partners"]}"""),
        ("explain_access", """{"catalog":"sample","id":"e-01","key_prefix":"aip_none"}"""),
    ];
}
