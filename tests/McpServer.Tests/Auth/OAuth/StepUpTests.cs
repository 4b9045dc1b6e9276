using System.Net;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Auth.OAuth;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Auth.OAuth;

public sealed class StepUpTests : IAsyncLifetime
{
    private const string Arguments = """{"query":"headphones","catalog":"sample"}""";
    private const string Challenge =
        "Bearer realm=\"aiplatform\", error=\"insufficient_scope\", scope=\"products:read\", resource_metadata=\"https://mcp.example.com/.well-known/oauth-protected-resource/mcp\"";

    private readonly List<TokenServer> _servers = [];
    private TokenServer _server = null!;

    public async Task InitializeAsync() => _server = await StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Call_ScopeMissing_Answers403AndWorksWithTheScopesItNames(bool direct, bool modern)
    {
        var server = await StartAsync($"--Mcp:DirectToolCalls={direct}");
        var poor = server.Issuer.Token("ada", "openid", "eu");
        var session = modern ? null : await OpenAsync(server, poor);

        var (refused, message) = await server.SendAsync(Request(poor, session));
        var error = message.GetProperty("error");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(Challenge, refused.Headers.GetValues("WWW-Authenticate").Single());
        Assert.Equal("insufficient_scope", error.GetProperty("data").GetProperty("code").GetString());
        Assert.Equal(7, message.GetProperty("id").GetInt32());
        Assert.Contains("products:read", error.GetProperty("message").GetString(), StringComparison.Ordinal);

        var rich = server.Issuer.Token("ada", "openid products:read", "eu");
        var (granted, answer) = await server.SendAsync(Request(rich, session));
        Assert.Equal(HttpStatusCode.OK, granted.StatusCode);
        Assert.False(answer.GetProperty("result").TryGetProperty("isError", out var failed) && failed.GetBoolean());
    }

    [Fact]
    public async Task Call_GroupsDoNotPermit_DoesNotExistWhateverTheScopes()
    {
        foreach (var scope in new[] { "openid", "products:read", "*:*" })
        {
            var (response, message) = await _server.SendAsync(Request(_server.Issuer.Token("ada", scope, "models"), null));

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.False(response.Headers.Contains("WWW-Authenticate"));
            Assert.Contains("There is no such tool", message.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Call_OfAToolThatIsNot_DoesNotExist()
    {
        var (response, message) = await _server.SendAsync(TokenServer.Request(_server.Issuer.Token("ada", "openid", "staff"), "no_such_tool"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("There is no such tool", message.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_OfAResource_ScopeMissing_Answers403()
    {
        const string Uri = "product://sample/e-00";
        var request = RawMcp.Modern("", "resources/read", new JsonObject { ["uri"] = Uri }, Uri);
        request.Headers.Remove("X-API-Key");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + _server.Issuer.Token("ada", "", "eu"));
        var (response, _) = await _server.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(Challenge, response.Headers.GetValues("WWW-Authenticate").Single());
    }

    [Theory]
    [InlineData("access:explain products:read", """{"id":"e-00","catalog":"sample","key_prefix":"europe"}""", "access:explain keys:read products:read")]
    [InlineData("products:read", """{"id":"e-00","catalog":"sample","key_prefix":"europe"}""", "access:explain keys:read products:read")]
    [InlineData("access:explain", """{"id":"e-00","groups":["partners"]}""", "access:explain products:read")]
    public async Task Call_WhoseArgumentsNeedMoreThanTheTool_Answers403WithAllOfIt(string held, string arguments, string needed)
    {
        var (refused, _) = await _server.SendAsync(TokenServer.Request(_server.Issuer.Token("root", held, "staff"), "explain_access", arguments));
        var (granted, _) = await _server.SendAsync(TokenServer.Request(_server.Issuer.Token("root", needed, "staff"), "explain_access", arguments));

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains($"error=\"insufficient_scope\", scope=\"{needed}\"", refused.Headers.GetValues("WWW-Authenticate").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, granted.StatusCode);
    }

    [Fact]
    public async Task Listen_ToResources_ScopeMissing_Answers403()
    {
        var (response, message) = await _server.SendAsync(Listen("""{"resourceSubscriptions":["product://sample/e-00"]}"""));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(Challenge, response.Headers.GetValues("WWW-Authenticate").Single());
        Assert.Equal("insufficient_scope", message.GetProperty("error").GetProperty("data").GetProperty("code").GetString());
    }

    /// <summary>Lists can be listened to with any token: each shows what it may use.</summary>
    [Fact]
    public async Task Listen_ToLists_NeedsNoScope()
    {
        using var request = Listen("""{"toolsListChanged":true,"resourceSubscriptions":[]}""");
        using var response = await _server.Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("WWW-Authenticate"));
    }

    [Fact]
    public async Task List_ScopeMissing_ShowsOnlyWhatTheTokenMayUse()
    {
        var (_, poor) = await _server.SendAsync(List(_server.Issuer.Token("ada", "openid", "eu")));
        var (_, rich) = await _server.SendAsync(List(_server.Issuer.Token("ada", "products:read", "eu")));

        Assert.Equal("whoami", Assert.Single(poor.GetProperty("result").GetProperty("tools").EnumerateArray()).GetProperty("name").GetString());
        Assert.True(rich.GetProperty("result").GetProperty("tools").GetArrayLength() > 1);
    }

    [Fact]
    public async Task Scopes_AskedFor_AreThoseHeldAndAsFewMoreAsAreNeeded()
    {
        var held = (await AdmitAsync(_server.Issuer.Token("root", "models:read", "staff"))).StepUp!;
        var now = _server.Time.GetUtcNow();
        var names = SupportedScopes.Of(_server.Server.Policy.Current);

        Assert.Equal<string>(["access:explain", "models:read", "products:read"], held.ScopesFor(s => s.IsAdministrator && s.Allows("products", "read", now), names)!.Value);
        Assert.Equal<string>(["models:read", "reindex:start"], held.ScopesFor(s => s.Allows("reindex", "start", now), names)!.Value);
        // No plain name of it is known: what the groups themselves write is left.
        Assert.Equal<string>(["*:*"], held.ScopesFor(s => s.Allows("billing", "write", now), names)!.Value.Where(n => n != "models:read"));
        Assert.Null(held.ScopesFor(_ => false, names));
    }

    [Fact]
    public async Task ApiKey_HasNoScopesToStepUpTo()
    {
        var headers = new HeaderDictionary { ["X-API-Key"] = _server.Server.NoProducts };
        var outcome = await _server.Server.Services.GetRequiredService<CallerAuthentication>().AuthenticateAsync(headers, CancellationToken.None);

        Assert.Null(outcome.Caller!.StepUp);
    }

    private static HttpRequestMessage Request(string token, string? session)
    {
        if (session is null)
        {
            var request = RawMcp.Modern("", "tools/call", new JsonObject { ["name"] = "search_products", ["arguments"] = JsonNode.Parse(Arguments) }, "search_products", 7);
            return Authorised(request, token);
        }

        var body = $$"""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"search_products","arguments":{{Arguments}} } }""";
        return Authorised(RawMcp.Post(null, body, session), token);
    }

    private static HttpRequestMessage List(string token) => Authorised(RawMcp.Modern("", "tools/list"), token);

    private HttpRequestMessage Listen(string notifications) => Authorised(
        RawMcp.Modern("", "subscriptions/listen", new JsonObject { ["notifications"] = JsonNode.Parse(notifications) }), _server.Issuer.Token("ada", "openid", "eu"));

    private static HttpRequestMessage Authorised(HttpRequestMessage request, string token)
    {
        request.Headers.Remove("X-API-Key");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return request;
    }

    private static async Task<string> OpenAsync(TokenServer server, string token)
    {
        var (response, _) = await server.SendAsync(Authorised(RawMcp.Post(null, RawMcp.Initialize), token));
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private async Task<Caller> AdmitAsync(string token)
    {
        var headers = new HeaderDictionary { ["Authorization"] = "Bearer " + token };
        return (await _server.Server.Services.GetRequiredService<CallerAuthentication>().AuthenticateAsync(headers, CancellationToken.None)).Caller!;
    }

    private async Task<TokenServer> StartAsync(params string[] args)
    {
        var server = new TokenServer(_ => args);
        _servers.Add(server);
        await server.InitializeAsync();
        return server;
    }
}
