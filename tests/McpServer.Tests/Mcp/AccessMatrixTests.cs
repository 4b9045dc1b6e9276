using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Tests.Auth.OAuth;
using AiPlatform.McpServer.Tests.Fixtures;
using AiPlatform.McpServer.Tests.Mcp.Changes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Mcp;

/// <summary>Everything the server offers against every kind of caller. What has no row in <see cref="AccessRows"/> fails.</summary>
public sealed class AccessMatrixTests(AccessMatrixTests.Server fixture) : IClassFixture<AccessMatrixTests.Server>
{
    private TestServer Tested => fixture.Value;

    private static readonly string[] Readers = ["europe", "america", "partner", "administrator"];

    /// <summary>Every kind of caller; a token has the rights of the key europe, unless its scopes leave none of them.</summary>
    private static readonly string[] Callers = ["none", "wrong", .. Readers, "no-products", "other-catalog", "token", "token-without-scope", "token-wrong"];

    public static TheoryData<string, string> Matrix
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var tool in AccessRows.Tools.Keys)
            {
                foreach (var caller in Callers)
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
            request.RequestUri = new Uri(parts[1], UriKind.Relative);
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
            case "none" or "wrong" or "token-wrong":
                Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
                break;
            case "token-without-scope" when !AccessRows.Reindexing.Contains(tool) && !AccessRows.AdministratorTools.Contains(tool) && tool != "whoami":
                AssertStepUp(response, message);
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
                AssertOnlyVisible(tool, await ScopeOfAsync(caller), caller, message.GetProperty("result"));
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
                foreach (var caller in Callers)
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
        if (caller is "none" or "wrong" or "token-wrong")
        {
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            return;
        }

        if (caller == "token-without-scope")
        {
            AssertStepUp(response, message);
            return;
        }

        var text = message.GetRawText();
        var scope = await ScopeOfAsync(caller);
        var hidden = caller is "no-products" or "other-catalog" ? TestCatalog.Products : TestCatalog.Products.Except(fixture.Index.Visible(scope, TestCatalog.Name));
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
        (await fixture.Index.ListCatalogsAsync(scope, CancellationToken.None)).Any(c => c.Name == catalog);

    private async Task<HttpResponseMessage> SendAsync(AccessOffer offer, string parameters, string caller)
    {
        var json = JsonNode.Parse(parameters)!.AsObject();
        using var request = RawMcp.Modern(KeyOf(caller), offer.Method, json, offer.Header is null ? null : json[offer.Header]!.GetValue<string>());
        return await Tested.Http.SendAsync(request);
    }

    private void AssertOnlyVisible(string tool, AccessScope scope, string caller, JsonElement result)
    {
        var structured = result.GetProperty("structuredContent");
        var text = result.GetRawText();
        Assert.False(result.GetProperty("isError").GetBoolean(), text);
        if (caller is "no-products" or "other-catalog" or "token-without-scope")
        {
            Assert.DoesNotContain("\"sample\"", text, StringComparison.Ordinal);
            return;
        }

        var visible = fixture.Index.Visible(scope, TestCatalog.Name);
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

    public static TheoryData<string> Everybody => [.. Callers];

    [Theory]
    [MemberData(nameof(Everybody))]
    public async Task Subscribe_ForEachCaller_TellsNothingOfWhatItMayNotSee(string caller)
    {
        if (await OpenAsync(caller) is not { } session)
        {
            return;
        }

        var missing = await SubscribeAsync(caller, session, "product://sample/nosuch");
        foreach (var id in Watched)
        {
            using var request = RawMcp.Post(KeyOf(caller), NoticeStream.Subscribe("resources/subscribe", $"product://sample/{id}"), session);
            using var response = await Tested.Http.SendAsync(request);
            var message = await RawMcp.MessageAsync(response);
            if (caller == "token-without-scope")
            {
                AssertStepUp(response, message);
            }
            else if (await SeesProductAsync(caller, id))
            {
                Assert.True(message.TryGetProperty("result", out _), message.GetRawText());
            }
            else
            {
                Assert.Equal(missing.Replace("nosuch", id, StringComparison.Ordinal), message.GetRawText());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Everybody))]
    public async Task Listen_ForEachCaller_TellsNothingOfWhatItMayNotSee(string caller)
    {
        var uris = Watched.Append("nosuch").ToDictionary(id => $"product://sample/{id}", id => id);
        var notifications = new JsonObject { ["toolsListChanged"] = true, ["resourceSubscriptions"] = new JsonArray([.. uris.Keys.Select(u => JsonValue.Create(u))]) };
        if (caller is "none" or "wrong" or "token-wrong" or "token-without-scope")
        {
            using var request = RawMcp.Modern(KeyOf(caller), "subscriptions/listen", new JsonObject { ["notifications"] = notifications });
            using var response = await Tested.Http.SendAsync(request);
            if (caller == "token-without-scope")
            {
                AssertStepUp(response, await RawMcp.MessageAsync(response));
            }
            else
            {
                Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            }

            return;
        }

        using var stream = await NoticeStream.ListenAsync(Tested, KeyOf(caller), notifications);
        Assert.Equal(caller != "no-products", stream.Acknowledged.GetRawText().Contains("product://", StringComparison.Ordinal));
        var told = stream.Acknowledged.GetProperty("params").GetProperty("notifications");
        var watched = told.TryGetProperty("resourceSubscriptions", out var list) ? list.EnumerateArray().Select(u => u.GetString()!).ToList() : [];
        foreach (var (uri, id) in uris)
        {
            // What is out of sight is watched, or not, as what is not there.
            Assert.Equal(await SeesProductAsync(caller, id) || watched.Contains("product://sample/nosuch"), watched.Contains(uri));
        }
    }

    /// <summary>How much is logged says nothing of what is seen: everybody who is somebody may ask for it.</summary>
    [Theory]
    [MemberData(nameof(Everybody))]
    public async Task SetLevel_ForEachCaller_IsAnsweredAlike(string caller)
    {
        if (await OpenAsync(caller) is not { } session)
        {
            return;
        }

        using var request = RawMcp.Post(KeyOf(caller), """{"jsonrpc":"2.0","id":7,"method":"logging/setLevel","params":{"level":"debug"}}""", session);
        using var response = await Tested.Http.SendAsync(request);

        Assert.Equal("""{"result":{},"id":7,"jsonrpc":"2.0"}""", (await RawMcp.MessageAsync(response)).GetRawText());
    }

    private static readonly string[] Watched = ["e-00", "e-04", "e-06", "h-00", TestCatalog.SecretId];

    /// <summary>A session of the caller; null for those who must not get one.</summary>
    private async Task<string?> OpenAsync(string caller)
    {
        using var request = RawMcp.Post(KeyOf(caller), RawMcp.Initialize);
        using var response = await Tested.Http.SendAsync(request);
        if (caller is "none" or "wrong" or "token-wrong")
        {
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            return null;
        }

        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private async Task<string> SubscribeAsync(string caller, string session, string uri) =>
        (await NoticeStream.SendAsync(Tested, KeyOf(caller), session, TestServer.Legacy, NoticeStream.Subscribe("resources/subscribe", uri))).GetRawText();

    private async Task<bool> SeesProductAsync(string caller, string id)
    {
        var scope = await ScopeOfAsync(caller);
        return scope.Allows("products", "read", fixture.Time.GetUtcNow(), new Dictionary<string, string> { ["catalog"] = TestCatalog.Name })
            && fixture.Index.Visible(scope, TestCatalog.Name).Any(p => p.Id == id);
    }

    private static void AssertStepUp(HttpResponseMessage response, JsonElement message)
    {
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("scope=\"products:read\"", response.Headers.GetValues("WWW-Authenticate").Single(), StringComparison.Ordinal);
        Assert.Equal("insufficient_scope", message.GetProperty("error").GetProperty("data").GetProperty("code").GetString());
    }

    /// <summary>The scope the server gives a caller, as it finds it from the headers.</summary>
    private async Task<AccessScope> ScopeOfAsync(string caller)
    {
        using var request = RawMcp.Post(KeyOf(caller), "");
        var headers = new HeaderDictionary();
        foreach (var (name, values) in request.Headers)
        {
            headers[name] = values.ToArray();
        }

        return (await Tested.Services.GetRequiredService<CallerAuthentication>().AuthenticateAsync(headers, CancellationToken.None)).Caller!.Scope;
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
            "token" => "Bearer " + fixture.Issuer.Token("ada", "openid products:read", "eu"),
            "token-without-scope" => "Bearer " + fixture.Issuer.Token("bob", "openid", "eu"),
            "token-wrong" => "Bearer " + fixture.Stranger.Token("ada", "products:read", "eu"),
            _ => throw new ArgumentOutOfRangeException(nameof(caller)),
        };
    }

    /// <summary>One server for all rows that takes keys and tokens, with a clock that the rows move.</summary>
    public sealed class Server : IAsyncLifetime
    {
        private TestServer? _value;

        public Server()
        {
            Index = new OracleIndex(TestCatalog.All, Time);
            Issuer = new AuthorizationServer(Time);
            Stranger = new AuthorizationServer(Time, "second");
        }

        public TestServer Value => _value!;

        internal SteppedTimers Time { get; } = new();

        internal OracleIndex Index { get; }

        internal AuthorizationServer Issuer { get; }

        /// <summary>An issuer that the server does not trust.</summary>
        internal AuthorizationServer Stranger { get; }

        public async Task InitializeAsync()
        {
            await Issuer.StartAsync();
            await Stranger.StartAsync();
            _value = new TestServer(
                services => services.AddSingleton<TimeProvider>(Time).AddSingleton<ICatalogIndex>(Index),
                $"--OAuth:Issuers:0:Issuer={Issuer.Issuer}", "--OAuth:Issuers:0:AllowInternal=true", $"--OAuth:Resource={AuthorizationServer.Resource}");
            Value.Policy.Current = Value.Policy.Current with { Claims = Value.Policy.Current.Claims.SetItem(Issuer.Issuer, TokenServer.Mapping) };
            await Value.InitializeAsync();
        }

        public async Task DisposeAsync()
        {
            await Value.DisposeAsync();
            await Issuer.DisposeAsync();
            await Stranger.DisposeAsync();
        }
    }
}
