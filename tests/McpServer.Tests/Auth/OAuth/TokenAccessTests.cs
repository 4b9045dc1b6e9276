using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp;
using AiPlatform.McpServer.Mcp.Changes;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Auth.OAuth;

public sealed class TokenAccessTests : IAsyncLifetime
{
    private readonly TokenServer _server = new();

    private AuthorizationServer Issuer => _server.Issuer;

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Groups_OfTheClaims_DecideWhatIsSeen()
    {
        var byToken = await _server.WhoAsync(Issuer.Token(groups: ["eu", "nobody-knows"]));
        var byKey = (await _server.Server.CallAsync(_server.Server.Europe, "whoami", "{}")).GetProperty("result").GetProperty("structuredContent");

        Assert.Equal(Issuer.Issuer + "|ada", byToken.GetProperty("subject").GetString());
        Assert.Equal(["eu-retail"], Texts(byToken, "groups"));
        // The region comes from a claim, too: the group's filter asks for it.
        Assert.Equal(byKey.GetProperty("catalogs").GetRawText(), byToken.GetProperty("catalogs").GetRawText());
    }

    [Theory]
    [InlineData("nobody-knows")]
    [InlineData("eu-retail")]
    [InlineData("EU")]
    public async Task Groups_OfUnknownValues_GiveNothing(string value)
    {
        var who = await _server.WhoAsync(Issuer.Token(groups: value));

        Assert.Empty(Texts(who, "groups"));
        Assert.Equal(0, who.GetProperty("catalogs").GetArrayLength());
    }

    [Fact]
    public async Task Mapping_TakenBack_IsEffectiveAtTheNextRequest()
    {
        var token = Issuer.Token(groups: "eu");
        Assert.NotEmpty(Texts(await _server.WhoAsync(token), "groups"));
        _server.Map(Issuer.Issuer, null);

        var who = await _server.WhoAsync(token);
        Assert.Empty(Texts(who, "groups"));
        Assert.Equal(0, who.GetProperty("catalogs").GetArrayLength());
    }

    [Fact]
    public async Task Mapping_WithPathPrefixAndRequiredClaims_IsHonoured()
    {
        _server.Map(Issuer.Issuer, new ClaimMapping
        {
            Subject = new ClaimPath(["oid"]),
            Required = [new RequiredClaim(new ClaimPath(["tenant", "id"]), ["acme", "7"])],
            Groups = [new GroupClaim(new ClaimPath(["realm_access", "roles"]), "shop-", ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal).Add("buyer", ["partners"]))],
        });
        string Token(string tenant, string roles)
        {
            var claims = Issuer.Claims();
            claims["oid"] = "7f";
            claims["tenant"] = System.Text.Json.Nodes.JsonNode.Parse(tenant);
            claims["realm_access"] = System.Text.Json.Nodes.JsonNode.Parse(roles);
            return Issuer.Sign(claims);
        }

        var who = await _server.WhoAsync(Token("""{"id":"acme"}""", """{"roles":["shop-buyer","buyer"]}"""));
        Assert.Equal(Issuer.Issuer + "|7f", who.GetProperty("subject").GetString());
        Assert.Equal(["partners"], Texts(who, "groups"));
        Assert.Empty(Texts(await _server.WhoAsync(Token("""{"id":7}""", """{"roles":["buyer","shop-other"]}""")), "groups"));
        Assert.Empty(Texts(await _server.WhoAsync(Token("""{"id":["x","acme"]}""", "[\"shop-buyer\"]")), "groups"));
        Assert.Equal((HttpStatusCode.Unauthorized, "token_invalid"), await _server.TryAsync(Token("""{"id":"Acme"}""", "{}")));
        Assert.Equal((HttpStatusCode.Unauthorized, "token_invalid"), await _server.TryAsync(Token("\"acme\"", "{}")));
    }

    [Fact]
    public async Task Scopes_BoundThePermissions()
    {
        Assert.Equal(["products:read"], Texts(await _server.WhoAsync(Issuer.Token("root", "products:read openid", "staff")), "permissions"));
        Assert.Equal(["*:*"], Texts(await _server.WhoAsync(Issuer.Token("root", "*:*", "staff")), "permissions"));
        Assert.Empty(Texts(await _server.WhoAsync(Issuer.Token("root", "openid", "staff")), "permissions"));
        Assert.Empty(Texts(await _server.WhoAsync(Issuer.Token("root", "", "staff")), "permissions"));
        Assert.Equal(["products:read"], Texts(await _server.WhoAsync(Issuer.Token("root", null, "staff")), "permissions"));
    }

    [Fact]
    public async Task GroupContext_OnlyNarrowsATokenToo()
    {
        var token = Issuer.Token(groups: "both");
        var narrowed = TokenServer.Request(token);
        narrowed.Headers.Add("X-Group-Context", "partners");
        var (_, message) = await _server.SendAsync(narrowed);
        Assert.Equal(["partners"], Texts(message.GetProperty("result").GetProperty("structuredContent"), "groups"));

        var wider = TokenServer.Request(token);
        wider.Headers.Add("X-Group-Context", "us-wholesale");
        var (response, _) = await _server.SendAsync(wider);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        // An administrator may act as another group only when its token carries that right.
        foreach (var (scope, status) in new[] { ("products:read", HttpStatusCode.Forbidden), ("products:read access:explain", HttpStatusCode.OK) })
        {
            var acting = TokenServer.Request(Issuer.Token("root", scope, "staff"));
            acting.Headers.Add("X-Group-Context", "us-wholesale");
            Assert.Equal(status, (await _server.SendAsync(acting)).Response.StatusCode);
        }
    }

    [Fact]
    public async Task Session_OfAnotherSubjectOrIssuer_IsRefusedAndOfAFreshTokenGoesOn()
    {
        const string Call = """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"whoami","arguments":{}}}""";
        var (opened, _) = await _server.SendAsync(Legacy(Issuer.Token(groups: "eu"), RawMcp.Initialize));
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();

        _server.Map(_server.Other.Issuer, TokenServer.Mapping);
        Assert.Equal(HttpStatusCode.Forbidden, (await _server.SendAsync(Legacy(Issuer.Token("bob", groups: "eu"), Call, session))).Response.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await _server.SendAsync(Legacy(_server.Other.Token(groups: "eu"), Call, session))).Response.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await _server.SendAsync(RawMcp.Post(_server.Server.Europe, Call, session))).Response.StatusCode);
        _server.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(HttpStatusCode.OK, (await _server.SendAsync(Legacy(Issuer.Token(groups: "eu"), Call, session))).Response.StatusCode);
    }

    [Fact]
    public async Task Limits_AreCountedBySubjectWhateverTheToken()
    {
        for (var i = 0; i < 10; i++)
        {
            _server.Time.Advance(TimeSpan.FromSeconds(1));
            var (ok, _) = await _server.SendAsync(TokenServer.Request(Issuer.Token(groups: "slow")));
            Assert.Equal(HttpStatusCode.OK, ok.StatusCode);
            Assert.Equal((9 - i).ToString(System.Globalization.CultureInfo.InvariantCulture), ok.Headers.GetValues("X-RateLimit-Remaining-Minute").Single());
        }

        var (refused, message) = await _server.SendAsync(TokenServer.Request(Issuer.Token(groups: "slow")));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("rate_limited", message.GetProperty("error").GetProperty("data").GetProperty("code").GetString());
        Assert.Equal("51", refused.Headers.GetValues("Retry-After").Single());
        Assert.Equal("0", refused.Headers.GetValues("X-RateLimit-Remaining-Minute").Single());
        Assert.Equal("990", refused.Headers.GetValues("X-RateLimit-Remaining-Day").Single());
        Assert.Equal(HttpStatusCode.OK, (await _server.TryAsync(Issuer.Token("bob", groups: "slow"))).Status);
    }

    [Fact]
    public async Task BadTokens_OfAnAddress_CountWithBadKeys()
    {
        for (var i = 0; i < FailedCredentialLimiter.PerMinute; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await _server.TryAsync("a.b.c" + i)).Status);
        }

        var (response, _) = await _server.SendAsync(TokenServer.Request("a.b.c"));
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.NotEmpty(response.Headers.GetValues("Retry-After"));
        Assert.Equal(HttpStatusCode.OK, (await _server.TryAsync(Issuer.Token(groups: "eu"))).Status);
    }

    [Fact]
    public async Task Limits_AreInEveryAnswerToSomebodyKnown()
    {
        HttpRequestMessage[] requests =
        [
            TokenServer.Request(Issuer.Token(groups: "eu")),
            TokenServer.Request(Issuer.Token("root", "openid", "eu"), "search_products", """{"query":"x"}"""),
            TokenServer.Request(Issuer.Token(groups: "eu"), "no-such-tool"),
            Legacy(Issuer.Token(groups: "eu"), "{"),
            Legacy(Issuer.Token(groups: "eu"), RawMcp.Initialize, "unknown-session"),
            RawMcp.Post(_server.Server.Europe, RawMcp.Initialize),
            RawMcp.Post(_server.Server.Europe, "[]"),
            RawMcp.Call(_server.Server.Europe, "search_products", """{"query":"x"}"""),
        ];
        foreach (var request in requests)
        {
            using var response = await _server.Server.Http.SendAsync(request);

            Assert.Single(response.Headers.GetValues("X-RateLimit-Remaining-Minute"));
            Assert.Single(response.Headers.GetValues("X-RateLimit-Remaining-Day"));
        }
    }

    [Fact]
    public async Task Tokens_GoNowhere()
    {
        var tokens = new List<string>();
        async Task Use(string token)
        {
            tokens.Add(token);
            await _server.TryAsync(token);
            await _server.SendAsync(TokenServer.Request(token, "search_products", """{"query":"headphones"}"""));
            await _server.SendAsync(Legacy(token, RawMcp.Initialize));
        }

        await Use(Issuer.Token(groups: "eu"));
        await Use(Issuer.Token("root", "openid", "staff"));
        await Use(Issuer.Sign(Issuer.Claims(), header: h => h["kid"] = "unknown"));
        await Use(Issuer.Token()[..^8] + "AAAAAAAA");
        Issuer.Mood = AuthorizationServerMood.Down;
        await Use(_server.Other.Token(groups: "eu"));
        var admin = TokenServer.Request(Issuer.Token("root", "*:*", "staff"));
        admin.Headers.Add("X-Group-Context", "partners");
        await _server.SendAsync(admin);

        Assert.NotEmpty(Issuer.Requests);
        Assert.NotEmpty(_server.Logs.Lines);
        foreach (var part in tokens.SelectMany(t => t.Split('.')).Append("Bearer"))
        {
            Assert.DoesNotContain(Issuer.Requests.Concat(_server.Other.Requests), r => r.Contains(part, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(_server.Server.Audit.Entries, e => e.Contains(part, StringComparison.Ordinal));
        }

        foreach (var part in tokens.SelectMany(t => t.Split('.')))
        {
            Assert.DoesNotContain(_server.Logs.Lines, l => l.Contains(part, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Renewal_OfAToken_FollowsPolicyTimeAndKeys()
    {
        var caller = await AdmitAsync(Issuer.Token(groups: "eu"));
        Assert.Same(caller, await RenewAsync(caller));

        _server.Map(Issuer.Issuer, null);
        var bare = await RenewAsync(caller);
        Assert.Empty(bare!.Scope.Groups);
        _server.Map(Issuer.Issuer, TokenServer.Mapping);
        Assert.Equal<string>(["eu-retail"], (await RenewAsync(bare))!.Scope.Groups);

        _server.Time.Advance(TimeSpan.FromMinutes(61));
        Assert.Null(await RenewAsync(caller));
        Assert.Null(await RenewAsync(bare));
    }

    [Fact]
    public async Task Renewal_OfATokenVerifiedAgain_AnswersTheSameCaller()
    {
        var caller = await AdmitAsync(Issuer.Token(groups: "eu"));

        // Longer than a verified token is remembered.
        _server.Time.Advance(TimeSpan.FromSeconds(61));

        Assert.Same(caller, await RenewAsync(caller));
    }

    [Fact]
    public async Task Renewal_OfAnAdministratorActingAsAGroup_IsNotAuditedAsActing()
    {
        var caller = await AdmitAsync(Issuer.Token("root", "products:read access:explain", "staff"), "us-wholesale");
        for (var minute = 0; minute < 3; minute++)
        {
            _server.Time.Advance(TimeSpan.FromSeconds(61));
            _server.Map(Issuer.Issuer, TokenServer.Mapping);
            Assert.Equal<string>(["us-wholesale"], (await RenewAsync(caller))!.Scope.Groups);
        }

        Assert.Single(_server.Server.Audit.Entries, e => e.StartsWith("acted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Session_WhoseTokensAreReplaced_OutlivesEachOfThem()
    {
        const string Call = """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"whoami","arguments":{}}}""";
        string FiveMinutes()
        {
            var claims = Issuer.Claims(groups: "eu");
            claims["exp"] = _server.Time.GetUtcNow().ToUnixTimeSeconds() + 300;
            return Issuer.Sign(claims);
        }

        var (opened, _) = await _server.SendAsync(Legacy(FiveMinutes(), RawMcp.Initialize));
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        using var initialized = await _server.Server.Http.SendAsync(Legacy(FiveMinutes(), """{"jsonrpc":"2.0","method":"notifications/initialized"}""", session));
        for (var minutes = 0; minutes < 20; minutes += 4)
        {
            _server.Time.Advance(TimeSpan.FromMinutes(4));
            using (var served = (await _server.SendAsync(Legacy(FiveMinutes(), Call, session))).Response)
            {
                Assert.Equal(HttpStatusCode.OK, served.StatusCode);
            }

            await CheckAsync();
            Assert.NotNull(_server.Server.Sessions.Find(session));
        }

        // Whose last token has expired is gone without another request.
        _server.Time.Advance(TimeSpan.FromMinutes(7));
        await CheckAsync();
        await Eventually.IsAsync(() => _server.Server.Sessions.Find(session) is null, "the session ended");
    }

    private async Task CheckAsync()
    {
        await _server.Server.Services.GetRequiredService<CallerWatch>().RoundAsync();
        await _server.Server.Services.GetRequiredService<ChangeFeed>().LookAsync();
    }

    private static ValueTask<Caller?> RenewAsync(Caller caller) => caller.Renewal!.RenewAsync(CancellationToken.None);

    private async Task<Caller> AdmitAsync(string token, string? groups = null)
    {
        var headers = new HeaderDictionary { ["Authorization"] = "Bearer " + token };
        if (groups is not null)
        {
            headers[GroupContext.Header] = groups;
        }

        return (await _server.Server.Services.GetRequiredService<CallerAuthentication>().AuthenticateAsync(headers, CancellationToken.None)).Caller!;
    }

    private static HttpRequestMessage Legacy(string token, string body, string? session = null)
    {
        var request = RawMcp.Post(null, body, session);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return request;
    }

    private static IEnumerable<string> Texts(JsonElement from, string name) => from.GetProperty(name).EnumerateArray().Select(e => e.GetString()!);
}
