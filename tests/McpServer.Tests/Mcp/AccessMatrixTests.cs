using System.Net;
using System.Text.Json;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Mcp;

/// <summary>Every tool and endpoint against every kind of caller. A tool or endpoint that is not named here fails the build's tests.</summary>
public sealed class AccessMatrixTests(TestServer server) : IClassFixture<TestServer>
{
    /// <summary>A call of each tool that succeeds for a reader of the sample.</summary>
    private static readonly Dictionary<string, string> Calls = new()
    {
        ["search_products"] = """{"catalog":"sample","facets":["brand","spec.color"],"page_size":50}""",
        ["get_products"] = """{"catalog":"sample","ids":["e-00","e-01","e-02","e-03","e-04","e-06","h-00","h-01","secret-1","poison-1"]}""",
        ["compare_products"] = """{"catalog":"sample","ids":["e-00","e-04","e-06","h-00","h-01","secret-1","poison-1"]}""",
        ["find_similar_products"] = """{"catalog":"sample","id":"e-02","size":50}""",
        ["list_facets"] = """{"catalog":"sample","values_per_field":100}""",
        ["suggest_queries"] = """{"catalog":"sample","prefix":"o","size":20}""",
        ["whoami"] = "{}",
        ["start_reindex"] = """{"catalog":"sample","dry_run":true}""",
        ["get_reindex"] = """{"catalog":"sample"}""",
        ["cancel_reindex"] = """{"job_id":"job_0"}""",
        ["rollback_index"] = """{"catalog":"sample"}""",
        ["explain_access"] = """{"catalog":"sample","id":"secret-1","groups":["administrators"],"region":"EU"}""",
    };

    /// <summary>Tools of those who run catalogs. Which right gives which of them is tested with the tools.</summary>
    private static readonly string[] Reindexing = ["start_reindex", "get_reindex", "cancel_reindex", "rollback_index"];

    private static readonly string[] AdministratorTools = ["explain_access"];

    /// <summary>Endpoints by whether they ask for a key.</summary>
    private static readonly Dictionary<string, bool> Endpoints = new()
    {
        ["POST /mcp"] = true,
        ["GET /mcp"] = true,
        ["DELETE /mcp"] = true,
        ["GET /health"] = false,
        ["GET /"] = false,
        ["HEAD /"] = false,
    };

    private static readonly string[] Readers = ["europe", "america", "partner", "administrator"];

    public static TheoryData<string, string> Matrix
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var tool in Calls.Keys)
            {
                foreach (var caller in (string[])["none", "wrong", .. Readers, "no-products", "other-catalog"])
                {
                    data.Add(tool, caller);
                }
            }

            return data;
        }
    }

    [Fact]
    public async Task Tools_AreAllInTheMatrix()
    {
        using var response = await server.Http.SendAsync(RawMcp.Modern(server.Administrator, "tools/list"));
        var tools = (await RawMcp.MessageAsync(response)).GetProperty("result").GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()!);

        Assert.Equal(Calls.Keys.Order(StringComparer.Ordinal), tools.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Endpoints_AreAllInTheMatrix()
    {
        var routes = server.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText}"));

        Assert.Equal(Endpoints.Keys.Order(StringComparer.Ordinal), routes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Endpoints_WithoutKey_AnswerOnlyWhatIsOpen()
    {
        foreach (var (endpoint, needsKey) in Endpoints)
        {
            var parts = endpoint.Split(' ');
            using var request = parts[0] == "POST" ? RawMcp.Post(null, RawMcp.Initialize) : new HttpRequestMessage(new HttpMethod(parts[0]), parts[1]);
            using var response = await server.Http.SendAsync(request);

            Assert.True((response.StatusCode == HttpStatusCode.Unauthorized) == needsKey, $"{endpoint}: {response.StatusCode}");
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Tool_ForEachCaller_AnswersExactlyWhatItMaySee(string tool, string caller)
    {
        using var response = await server.Http.SendAsync(RawMcp.Call(KeyOf(caller), tool, Calls[tool]));
        var message = await RawMcp.MessageAsync(response);

        switch (caller)
        {
            case "none" or "wrong":
                Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
                break;
            case not "administrator" when Reindexing.Contains(tool):
                Assert.Equal(-32602, message.GetProperty("error").GetProperty("code").GetInt32());
                break;
            case "administrator" when Reindexing.Contains(tool):
                Assert.DoesNotContain("unknown_catalog", message.GetProperty("result").GetRawText(), StringComparison.Ordinal);
                break;
            case "no-products" when tool != "whoami":
                Assert.Equal(-32602, message.GetProperty("error").GetProperty("code").GetInt32());
                break;
            case not "administrator" when AdministratorTools.Contains(tool):
                Assert.Equal(-32602, message.GetProperty("error").GetProperty("code").GetInt32());
                break;
            case "other-catalog" when tool != "whoami":
                Assert.Equal("unknown_catalog", message.GetProperty("result").GetProperty("structuredContent").GetProperty("error").GetProperty("code").GetString());
                break;
            default:
                AssertOnlyVisible(tool, caller, message.GetProperty("result"));
                break;
        }
    }

    [Fact]
    public async Task SameQuestion_DifferentKeys_DifferentAnswers()
    {
        var totals = new Dictionary<string, int>();
        foreach (var caller in Readers)
        {
            var message = await server.CallAsync(KeyOf(caller), "search_products", """{"catalog":"sample","query":"headphones"}""");
            totals[caller] = message.GetProperty("result").GetProperty("structuredContent").GetProperty("total").GetInt32();
        }

        Assert.Equal(Readers.Length, totals.Values.Distinct().Count());
    }

    [Fact]
    public async Task NoProducts_ListsOnlyWhoAmI()
    {
        using var response = await server.Http.SendAsync(RawMcp.Modern(server.NoProducts, "tools/list"));
        var tools = (await RawMcp.MessageAsync(response)).GetProperty("result").GetProperty("tools").EnumerateArray();

        Assert.Equal("whoami", Assert.Single(tools).GetProperty("name").GetString());
    }

    [Fact]
    public async Task NoProducts_ForbiddenToolAndMissingTool_AnswerAlike()
    {
        var forbidden = await server.CallAsync(server.NoProducts, "search_products", "{}");
        var missing = await server.CallAsync(server.NoProducts, "no_such_tool", "{}");
        var forAdministrators = await server.CallAsync(server.Europe, "explain_access", Calls["explain_access"]);

        Assert.Equal(missing.GetRawText(), forbidden.GetRawText());
        Assert.Equal(missing.GetRawText(), forAdministrators.GetRawText());
    }

    private void AssertOnlyVisible(string tool, string caller, JsonElement result)
    {
        var structured = result.GetProperty("structuredContent");
        var text = result.GetRawText();
        Assert.False(result.GetProperty("isError").GetBoolean(), text);
        var scope = server.ScopeOf(KeyOf(caller));
        if (caller is "no-products" or "other-catalog")
        {
            Assert.DoesNotContain("\"sample\"", text, StringComparison.Ordinal);
            return;
        }

        var visible = server.Index.Visible(scope, TestCatalog.Name);
        var ids = structured.TryGetProperty("products", out var products) ? products.EnumerateArray().Select(p => p.GetProperty("id").GetString()!).ToList() : [];
        Assert.All(ids, id => Assert.Contains(visible, p => p.Id == id));
        if (tool is "search_products" or "list_facets")
        {
            Assert.Equal(visible.Count, structured.GetProperty("total").GetInt32());
        }

        if (tool is "get_products" or "compare_products")
        {
            var wanted = JsonElement.Parse(Calls[tool]).GetProperty("ids").EnumerateArray().Select(i => i.GetString()!).ToList();
            Assert.Equal(wanted.Where(id => visible.Any(p => p.Id == id)), ids);
            Assert.Equal(wanted.Except(ids), structured.GetProperty("not_found").EnumerateArray().Select(i => i.GetString()!));
        }

        if (!scope.IsAdministrator)
        {
            Assert.DoesNotContain(TestCatalog.SecretWord, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Mystique", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("administrators", text, StringComparison.OrdinalIgnoreCase);
        }

        foreach (var other in server.Policy.Current.Groups.Keys.Except(scope.Groups))
        {
            Assert.DoesNotContain($"\"{other}\"", text, StringComparison.OrdinalIgnoreCase);
        }
    }

    private string KeyOf(string caller) => caller switch
    {
        "none" => "",
        "wrong" => "aip_0_wrong",
        "europe" => server.Europe,
        "america" => server.America,
        "partner" => server.Partner,
        "administrator" => server.Administrator,
        "no-products" => server.NoProducts,
        "other-catalog" => server.OtherCatalog,
        _ => throw new ArgumentOutOfRangeException(nameof(caller)),
    };
}
