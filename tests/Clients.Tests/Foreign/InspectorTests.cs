using System.Text.Json;
using AiPlatform.Clients.Tests.Support;

namespace AiPlatform.Clients.Tests.Foreign;

/// <summary>The MCP Inspector's command line, which prints results as JSON.</summary>
[Collection(RealServerCollection.Name)]
public sealed class InspectorTests(RealServer server) : IDisposable
{
    private const string Script = "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js";

    private readonly string _folder = Directory.CreateTempSubdirectory("aiplatform-inspector-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData(Wire.Http, "legacy")]
    [InlineData(Wire.Http, "modern")]
    [InlineData(Wire.Stdio, "legacy")]
    [InlineData(Wire.Stdio, "modern")]
    public async Task List_EveryKind_NamesWhatIsOffered(Wire wire, string era)
    {
        // --strict: exit code 6 for a schema that some client cannot read.
        var tools = await InspectAsync(RealServer.Europe, wire, era, "tools/list", "--strict");
        var resources = await InspectAsync(RealServer.Europe, wire, era, "resources/list");
        var prompts = await InspectAsync(RealServer.Europe, wire, era, "prompts/list");

        Assert.Contains("search_products", Names(tools.GetProperty("tools"), "name"));
        Assert.Contains("catalog://sample", Names(resources.GetProperty("resources"), "uri"));
        Assert.Contains("find_product", Names(prompts.GetProperty("prompts"), "name"));
    }

    [SkippableTheory]
    [InlineData(RealServer.Europe, Wire.Http, "legacy")]
    [InlineData(RealServer.Europe, Wire.Http, "modern")]
    [InlineData(RealServer.America, Wire.Http, "auto")]
    [InlineData(RealServer.America, Wire.Stdio, "auto")]
    public async Task Call_Search_FindsWhatTheGroupMaySee(string group, Wire wire, string era)
    {
        var answer = await InspectAsync(
            group, wire, era, "tools/call", "--tool-name", "search_products", "--tool-arg", "catalog=sample", $"category={SampleOracle.Category}", "page_size=50", "sort=price_asc");

        var found = answer.GetProperty("structuredContent").GetProperty("products");
        Assert.Equal(SampleOracle.Of(group).Ids, Names(found, "id").Order(StringComparer.Ordinal));
    }

    private async Task<JsonElement> InspectAsync(string group, Wire wire, string era, string method, params string[] more)
    {
        NpmFolder.Require();
        string[] target = wire == Wire.Http
            ? [server.Endpoint.ToString(), "--transport", "http", "--header", $"X-API-Key: {server.KeyOf(group)}"]
            : [.. server.Command(), "--transport", "stdio", .. server.Environment(group).SelectMany(v => (string[])["-e", $"{v.Key}={v.Value}"])];
        // Its own catalog file belongs to the person at the machine.
        var environment = new Dictionary<string, string> { ["MCP_CATALOG_PATH"] = Path.Combine(_folder, "catalog.json"), ["HOME"] = _folder };
        var run = await NpmFolder.RunAsync(Script, ["--cli", .. target, "--protocol-era", era, "--method", method, .. more], environment);

        run.AssertSuccess();
        return JsonElement.Parse(run.Output);
    }

    private static IEnumerable<string?> Names(JsonElement list, string member) => list.EnumerateArray().Select(e => e.GetProperty(member).GetString());
}
