using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Mcp;

/// <summary>Everything the server offers against every kind of caller. What has no row in <see cref="AccessRows"/> fails.</summary>
public sealed class AccessMatrixTests(AccessMatrixTests.Server fixture) : IClassFixture<AccessMatrixTests.Server>
{
    private TestServer Tested => fixture.Value;

    private static readonly string[] Readers = ["europe", "america", "partner", "administrator"];

    public static TheoryData<string, string> Matrix
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var tool in AccessRows.Tools.Keys)
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
        using var response = await Tested.Http.SendAsync(RawMcp.Modern(Tested.Administrator, "tools/list"));
        var tools = (await RawMcp.MessageAsync(response)).GetProperty("result").GetProperty("tools").EnumerateArray().Select(t => t.GetProperty("name").GetString()!);

        Assert.Equal(AccessRows.Tools.Keys.Order(StringComparer.Ordinal), tools.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Endpoints_AreAllInTheMatrix()
    {
        var routes = Tested.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText}"));

        Assert.Equal(AccessRows.Endpoints.Keys.Order(StringComparer.Ordinal), routes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Endpoints_WithoutKey_AnswerOnlyWhatIsOpen()
    {
        foreach (var (endpoint, needsKey) in AccessRows.Endpoints)
        {
            var parts = endpoint.Split(' ');
            using var request = parts[0] == "POST" ? RawMcp.Post(null, RawMcp.Initialize) : new HttpRequestMessage(new HttpMethod(parts[0]), parts[1]);
            using var response = await Tested.Http.SendAsync(request);

            Assert.True((response.StatusCode == HttpStatusCode.Unauthorized) == needsKey, $"{endpoint}: {response.StatusCode}");
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Tool_ForEachCaller_AnswersExactlyWhatItMaySee(string tool, string caller)
    {
        using var response = await Tested.Http.SendAsync(RawMcp.Call(KeyOf(caller), tool, AccessRows.Tools[tool]));
        var message = await RawMcp.MessageAsync(response);

        switch (caller)
        {
            case "none" or "wrong":
                Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
                break;
            case not "administrator" when AccessRows.Reindexing.Contains(tool):
                Assert.Equal(-32602, message.GetProperty("error").GetProperty("code").GetInt32());
                break;
            case "administrator" when AccessRows.Reindexing.Contains(tool):
                Assert.DoesNotContain("unknown_catalog", message.GetProperty("result").GetRawText(), StringComparison.Ordinal);
                break;
            case "no-products" when tool != "whoami":
                Assert.Equal(-32602, message.GetProperty("error").GetProperty("code").GetInt32());
                break;
            case not "administrator" when AccessRows.AdministratorTools.Contains(tool):
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

    public static TheoryData<string, string> OfferMatrix
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var offer in AccessRows.Offers)
            {
                foreach (var caller in (string[])["none", "wrong", .. Readers, "no-products", "other-catalog"])
                {
                    data.Add(offer.Name, caller);
                }
            }

            return data;
        }
    }

    [Fact]
    public async Task Offers_AreAllInTheMatrix()
    {
        var offered = new List<string>();
        offered.AddRange(await ListAsync("resources/list", "resources", r => [$"resource {r.GetProperty("uri").GetString()}"]));
        offered.AddRange(await ListAsync("resources/templates/list", "resourceTemplates", t =>
        {
            var template = t.GetProperty("uriTemplate").GetString()!;
            var parts = template.Split('{').Skip(1).Select(p => p.Split('}')[0]);
            return [$"template {template}", .. parts.Select(p => $"completion {template} {p}")];
        }));
        offered.AddRange(await ListAsync("prompts/list", "prompts", p =>
        {
            var name = p.GetProperty("name").GetString();
            return [$"prompt {name}", .. p.GetProperty("arguments").EnumerateArray().Select(a => $"completion {name} {a.GetProperty("name").GetString()}")];
        }));

        Assert.Equal(AccessRows.Offers.Select(o => o.Name).Order(StringComparer.Ordinal), offered.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(OfferMatrix))]
    public async Task Offer_ForEachCaller_AnswersExactlyWhatItMaySee(string name, string caller)
    {
        var offer = AccessRows.Offers.Single(o => o.Name == name);
        using var response = await SendAsync(offer, offer.Parameters, caller);
        var message = await RawMcp.MessageAsync(response);
        if (caller is "none" or "wrong")
        {
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            return;
        }

        var text = message.GetRawText();
        var scope = Tested.ScopeOf(KeyOf(caller));
        var hidden = caller is "no-products" or "other-catalog" ? TestCatalog.Products : TestCatalog.Products.Except(Tested.Index.Visible(scope, TestCatalog.Name));
        var typed = offer.Parameters;
        Assert.All(hidden.Where(p => !typed.Contains(p.Id, StringComparison.Ordinal)), p => Assert.DoesNotContain($"\"{p.Id}\"", text.Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal));
        if (!scope.IsAdministrator)
        {
            Assert.DoesNotContain(TestCatalog.SecretWord, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Mystique", text, StringComparison.OrdinalIgnoreCase);
        }

        var catalog = name.EndsWith("catalog://second", StringComparison.Ordinal) ? TestCatalog.Second : TestCatalog.Name;
        if (caller == "no-products" || !await SeesAsync(scope, catalog))
        {
            // What is out of reach is answered as what is not there.
            using var missing = await SendAsync(offer, offer.Missing, caller);
            Assert.Equal((await RawMcp.MessageAsync(missing)).GetRawText(), text);
            Assert.True(message.TryGetProperty("error", out _) || name.StartsWith("completion ", StringComparison.Ordinal), text);
        }
        else
        {
            Assert.True(message.TryGetProperty("result", out _), text);
        }
    }

    [Fact]
    public async Task SameQuestion_DifferentKeys_DifferentAnswers()
    {
        var totals = new Dictionary<string, int>();
        foreach (var caller in Readers)
        {
            var message = await Tested.CallAsync(KeyOf(caller), "search_products", """{"catalog":"sample","query":"headphones"}""");
            totals[caller] = message.GetProperty("result").GetProperty("structuredContent").GetProperty("total").GetInt32();
        }

        Assert.Equal(Readers.Length, totals.Values.Distinct().Count());
    }

    [Fact]
    public async Task NoProducts_ListsOnlyWhoAmI()
    {
        using var response = await Tested.Http.SendAsync(RawMcp.Modern(Tested.NoProducts, "tools/list"));
        var tools = (await RawMcp.MessageAsync(response)).GetProperty("result").GetProperty("tools").EnumerateArray();

        Assert.Equal("whoami", Assert.Single(tools).GetProperty("name").GetString());
    }

    [Fact]
    public async Task NoProducts_ForbiddenToolAndMissingTool_AnswerAlike()
    {
        var forbidden = await Tested.CallAsync(Tested.NoProducts, "search_products", "{}");
        var missing = await Tested.CallAsync(Tested.NoProducts, "no_such_tool", "{}");
        var forAdministrators = await Tested.CallAsync(Tested.Europe, "explain_access", AccessRows.Tools["explain_access"]);

        Assert.Equal(missing.GetRawText(), forbidden.GetRawText());
        Assert.Equal(missing.GetRawText(), forAdministrators.GetRawText());
    }

    private async Task<List<string>> ListAsync(string method, string member, Func<JsonElement, IEnumerable<string>> names)
    {
        using var request = RawMcp.Modern(Tested.Administrator, method);
        using var response = await Tested.Http.SendAsync(request);
        return [.. (await RawMcp.MessageAsync(response)).GetProperty("result").GetProperty(member).EnumerateArray().SelectMany(names)];
    }

    private async Task<bool> SeesAsync(AccessScope scope, string catalog) =>
        (await Tested.Index.ListCatalogsAsync(scope, CancellationToken.None)).Any(c => c.Name == catalog);

    private async Task<HttpResponseMessage> SendAsync(AccessOffer offer, string parameters, string caller)
    {
        var json = JsonNode.Parse(parameters)!.AsObject();
        using var request = RawMcp.Modern(KeyOf(caller), offer.Method, json, offer.Header is null ? null : json[offer.Header]!.GetValue<string>());
        return await Tested.Http.SendAsync(request);
    }

    private void AssertOnlyVisible(string tool, string caller, JsonElement result)
    {
        var structured = result.GetProperty("structuredContent");
        var text = result.GetRawText();
        Assert.False(result.GetProperty("isError").GetBoolean(), text);
        var scope = Tested.ScopeOf(KeyOf(caller));
        if (caller is "no-products" or "other-catalog")
        {
            Assert.DoesNotContain("\"sample\"", text, StringComparison.Ordinal);
            return;
        }

        var visible = Tested.Index.Visible(scope, TestCatalog.Name);
        var ids = structured.TryGetProperty("products", out var products) ? products.EnumerateArray().Select(p => p.GetProperty("id").GetString()!).ToList() : [];
        Assert.All(ids, id => Assert.Contains(visible, p => p.Id == id));
        if (tool is "search_products" or "list_facets")
        {
            Assert.Equal(visible.Count, structured.GetProperty("total").GetInt32());
        }

        if (tool is "get_products" or "compare_products")
        {
            var wanted = JsonElement.Parse(AccessRows.Tools[tool]).GetProperty("ids").EnumerateArray().Select(i => i.GetString()!).ToList();
            Assert.Equal(wanted.Where(id => visible.Any(p => p.Id == id)), ids);
            Assert.Equal(wanted.Except(ids), structured.GetProperty("not_found").EnumerateArray().Select(i => i.GetString()!));
        }

        if (!scope.IsAdministrator)
        {
            Assert.DoesNotContain(TestCatalog.SecretWord, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Mystique", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("administrators", text, StringComparison.OrdinalIgnoreCase);
        }

        foreach (var other in Tested.Policy.Current.Groups.Keys.Except(scope.Groups))
        {
            Assert.DoesNotContain($"\"{other}\"", text, StringComparison.OrdinalIgnoreCase);
        }
    }

    private string KeyOf(string caller)
    {
        // Keys that are wrong are counted by address and minute: each row has a minute of its own.
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        return caller switch
        {
            "none" => "",
            "wrong" => "aip_0_wrong",
            "europe" => Tested.Europe,
            "america" => Tested.America,
            "partner" => Tested.Partner,
            "administrator" => Tested.Administrator,
            "no-products" => Tested.NoProducts,
            "other-catalog" => Tested.OtherCatalog,
            _ => throw new ArgumentOutOfRangeException(nameof(caller)),
        };
    }

    /// <summary>One server for all rows, with a clock that the rows move.</summary>
    public sealed class Server : IAsyncLifetime
    {
        public Server() => Value = new TestServer(services => services.AddSingleton<TimeProvider>(Time));

        public TestServer Value { get; }

        internal SteppedTimers Time { get; } = new();

        public Task InitializeAsync() => Value.InitializeAsync();

        public Task DisposeAsync() => Value.DisposeAsync();
    }
}
