using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Auth.OAuth;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Auth.OAuth;

public sealed class IssuerKeysTests : IAsyncLifetime
{
    private readonly List<TokenServer> _servers = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Rotation_NewKeyWorksWithoutRestartAndTheOldNoMore()
    {
        var server = await StartAsync();
        var old = server.Issuer.Token(groups: "eu");
        await AcceptedAsync(server, old);
        server.Issuer.Add("rsa-2", RSA.Create(2048));
        server.Issuer.Remove("rsa-1");
        server.Issuer.KeyId = "rsa-2";
        server.Time.Advance(JwksCache.UnknownIdInterval);

        await AcceptedAsync(server, server.Issuer.Token(groups: "eu"));
        // It was verified a moment ago and is remembered, but by keys that are gone.
        Assert.Equal((HttpStatusCode.Unauthorized, "token_invalid"), await server.TryAsync(old));
        Assert.Equal(2, server.Issuer.KeyFetches);
    }

    [Fact]
    public async Task UnknownKeyIds_InAFlood_FetchOnceInHalfAMinute()
    {
        var server = await StartAsync();
        var verifier = server.Server.Services.GetRequiredService<TokenVerifier>();
        await AcceptedAsync(server, server.Issuer.Token());
        for (var period = 1; period <= 3; period++)
        {
            server.Time.Advance(JwksCache.UnknownIdInterval);
            var flood = Enumerable.Range(0, 100).Select(i => server.Issuer.Sign(server.Issuer.Claims(), header: h => h["kid"] = $"flood-{i}"));
            var checks = await Task.WhenAll(flood.Select(t => Task.Run(() => verifier.VerifyAsync(t, CancellationToken.None).AsTask())));

            Assert.All(checks, c => Assert.Equal(TokenFault.UnknownKey, c.Fault));
            Assert.Equal(1 + period, server.Issuer.KeyFetches);
        }
    }

    [Fact]
    public async Task FirstTokens_ManyAtOnce_FetchOnce()
    {
        var server = await StartAsync();
        var verifier = server.Server.Services.GetRequiredService<TokenVerifier>();
        var tokens = Enumerable.Range(0, 50).Select(i => server.Issuer.Token("user " + i)).ToArray();

        var checks = await Task.WhenAll(tokens.Select(t => Task.Run(() => verifier.VerifyAsync(t, CancellationToken.None).AsTask())));

        Assert.All(checks, c => Assert.NotNull(c.Token));
        Assert.Equal(1, server.Issuer.KeyFetches);
    }

    [Theory]
    [InlineData("", 59, 61)]
    [InlineData("max-age=1", 4, 6)]
    [InlineData("public, max-age=1800", 29, 31)]
    [InlineData("max-age=99999999", 23 * 60, (24 * 60) + 1)]
    [InlineData("no-store, max-age=1800", 59, 61)]
    public async Task Keys_AreKeptAsLongAsTheIssuerSaysWithinBounds(string cacheControl, int keptMinutes, int renewedMinutes)
    {
        var server = await StartAsync();
        server.Issuer.CacheControl = cacheControl;
        await AcceptedAsync(server, server.Issuer.Token());
        server.Time.Advance(TimeSpan.FromMinutes(keptMinutes));
        await AcceptedAsync(server, server.Issuer.Token());
        Assert.Equal(1, server.Issuer.KeyFetches);

        server.Time.Advance(TimeSpan.FromMinutes(renewedMinutes - keptMinutes));
        await AcceptedAsync(server, server.Issuer.Token());
        Assert.Equal(2, server.Issuer.KeyFetches);
    }

    [Fact]
    public async Task Issuer_GoingDown_LastGoodKeysGoOnForAWhile()
    {
        var server = await StartAsync();
        await AcceptedAsync(server, server.Issuer.Token());
        server.Issuer.Mood = AuthorizationServerMood.Down;
        server.Time.Advance(TimeSpan.FromHours(1));
        await AcceptedAsync(server, server.Issuer.Token());
        server.Time.Advance(JwksCache.Grace - TimeSpan.FromSeconds(1));
        await AcceptedAsync(server, server.Issuer.Token());
        server.Time.Advance(TimeSpan.FromSeconds(1));

        var (response, message) = await server.SendAsync(TokenServer.Request(server.Issuer.Token()));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("issuer_unavailable", message.GetProperty("error").GetProperty("data").GetProperty("code").GetString());
        Assert.Equal("5", response.Headers.GetValues("Retry-After").Single());

        server.Issuer.Mood = AuthorizationServerMood.Well;
        server.Time.Advance(JwksCache.RetryInterval);
        await AcceptedAsync(server, server.Issuer.Token());
    }

    [Fact]
    public async Task Issuer_Down_IsAskedOnceInFiveSeconds()
    {
        var server = await StartAsync();
        server.Issuer.Mood = AuthorizationServerMood.Down;
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "issuer_unavailable"), await server.TryAsync(server.Issuer.Token()));
        }

        Assert.Single(server.Issuer.Requests);
        Assert.Contains(server.Logs.Lines, l => l.StartsWith("1102 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Issuer_Silent_IsGivenUpAfterTheTimeout()
    {
        var server = await StartAsync("--OAuth:FetchTimeoutSeconds=1");
        server.Issuer.Mood = AuthorizationServerMood.Silent;

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "issuer_unavailable"), await server.TryAsync(server.Issuer.Token()).WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains(server.Logs.Lines, l => l.Contains("no answer within 1 seconds", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_Huge_AreRefused()
    {
        var server = await StartAsync();
        server.Issuer.Mood = AuthorizationServerMood.HugeKeys;

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "issuer_unavailable"), await server.TryAsync(server.Issuer.Token()));
        Assert.Contains(server.Logs.Lines, l => l.Contains("more than 262144 bytes", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"issuer":"\ud800","jwks_uri":"http://127.0.0.1/jwks"}""", "")]
    [InlineData("""{"issu\ud800er":"x"}""", "")]
    [InlineData("[]", "")]
    [InlineData("", """{"keys":[{"kid":"\ud800"}]}""")]
    [InlineData("", """{"keys":[{"kid":"a","kty":"\udc00"}]}""")]
    [InlineData("", """{"keys":[{"kid":"a","kty":"RSA","key_ops":["\ud800"]}]}""")]
    [InlineData("", """{"keys":[{"\ud800":1}]}""")]
    [InlineData("", """{"keys":[{"kid":"a","kty":"RSA","n":"\ud800","e":"AQAB"}]}""")]
    [InlineData("", "[]")]
    public async Task Issuer_AnswersWithWhatNobodyCanRead_IsUnavailable(string metadata, string keys)
    {
        var server = await StartAsync();
        (server.Issuer.RawMetadata, server.Issuer.RawKeys) = (metadata, keys);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "issuer_unavailable"), await server.TryAsync(server.Issuer.Token()));
        Assert.Contains(server.Logs.Lines, l => l.StartsWith("1102 ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("//")]
    [InlineData("http://[")]
    public async Task Keys_RedirectedToNoAddress_AreUnavailable(string location)
    {
        var server = await StartAsync();
        server.Issuer.Mood = AuthorizationServerMood.RedirectsKeys;
        server.Issuer.RedirectTo = location;

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "issuer_unavailable"), await server.TryAsync(server.Issuer.Token()));
    }

    [Fact]
    public async Task Keys_RedirectedToAnotherHost_AreNotFetchedThere()
    {
        var server = await StartAsync();
        server.Issuer.Mood = AuthorizationServerMood.RedirectsKeys;
        server.Issuer.RedirectTo = server.Other.Issuer + "/jwks";

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "issuer_unavailable"), await server.TryAsync(server.Issuer.Token()));
        Assert.Empty(server.Other.Requests);
        Assert.Contains(server.Logs.Lines, l => l.Contains("redirects to another host", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_RedirectedOnTheSameHost_AreFetched()
    {
        var server = await StartAsync();
        server.Issuer.Mood = AuthorizationServerMood.RedirectsKeys;
        server.Issuer.RedirectTo = "/jwks-moved";

        await AcceptedAsync(server, server.Issuer.Token());
    }

    [Fact]
    public async Task Metadata_OfAnotherIssuer_IsRefused()
    {
        var server = await StartAsync();
        server.Issuer.ClaimedIssuer = "https://login.example.com";

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "issuer_unavailable"), await server.TryAsync(server.Issuer.Token()));
        Assert.Equal(0, server.Issuer.KeyFetches);
    }

    [Theory]
    [InlineData("/.well-known/oauth-authorization-server/realms/shop")]
    [InlineData("/.well-known/openid-configuration/realms/shop")]
    [InlineData("/realms/shop/.well-known/openid-configuration")]
    public async Task Metadata_OfAnIssuerWithAPath_IsFoundInEachPlace(string place)
    {
        var time = new SteppedTime();
        var server = await StartAsync(new TokenServer(null, new AuthorizationServer(time) { Path = "/realms/shop", MetadataPath = place }));

        await AcceptedAsync(server, server.Issuer.Token());
    }

    [Fact]
    public async Task Issuer_OnAnInternalAddress_IsNotContactedUnlessAllowed()
    {
        var server = await StartAsync();
        var clients = server.Server.Services.GetRequiredService<IHttpClientFactory>();
        var keys = new IssuerKeys(new TrustedIssuerOptions { Issuer = server.Issuer.Issuer, JwksUri = server.Issuer.Issuer.Replace("http:", "https:", StringComparison.Ordinal) + "/jwks" }, clients, TimeSpan.FromSeconds(30), TimeProvider.System);

        var failure = await Assert.ThrowsAsync<KeyFetchException>(() => keys.FetchAsync(CancellationToken.None));

        Assert.Contains("no public address", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Issuer.Requests);
    }

    [Fact]
    public async Task Keys_ThatMustNotVerify_AreLeftOut()
    {
        var server = await StartAsync();
        using var weak = RSA.Create(1024);
        using var encryption = RSA.Create(2048);
        using var bound = RSA.Create(2048);
        server.Issuer.Add("weak", weak);
        server.Issuer.MoreKeys.Add(new JsonObject { ["kty"] = "oct", ["kid"] = "secret", ["k"] = "AAAA" });
        server.Issuer.MoreKeys.Add(Jwk("encryption", encryption, "use", "enc"));
        server.Issuer.MoreKeys.Add(Jwk("bound", bound, "alg", "PS256"));
        server.Issuer.MoreKeys.Add(1);
        server.Issuer.Add("encryption", encryption);
        server.Issuer.Add("bound", bound);
        var verifier = server.Server.Services.GetRequiredService<TokenVerifier>();

        async Task<TokenFault> Fault(string key, string algorithm = "RS256") =>
            (await verifier.VerifyAsync(server.Issuer.Sign(server.Issuer.Claims(), algorithm, key), CancellationToken.None)).Fault;

        // Its own entry of an id is served after the strict one, and the first of two counts.
        Assert.Equal(TokenFault.UnknownKey, await Fault("weak"));
        Assert.Equal(TokenFault.Signature, await Fault("bound"));
        Assert.Equal(TokenFault.None, await Fault("bound", "PS256"));
    }

    [Fact]
    public async Task Algorithms_OfTheConfiguration_Bind()
    {
        var server = await StartAsync("--OAuth:Issuers:0:Algorithms:0=ES256");

        Assert.Equal(HttpStatusCode.Unauthorized, (await server.TryAsync(server.Issuer.Token())).Status);
        await AcceptedAsync(server, server.Issuer.Sign(server.Issuer.Claims(), "ES256", "ec-1"));
    }

    [Fact]
    public async Task Audiences_OfTheConfiguration_ReplaceTheDefault()
    {
        var server = await StartAsync("--OAuth:Issuers:0:Audiences:0=api://shop");
        var claims = server.Issuer.Claims();
        claims["aud"] = "api://shop";

        await AcceptedAsync(server, server.Issuer.Sign(claims));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.TryAsync(server.Issuer.Token())).Status);
    }

    private static JsonObject Jwk(string id, RSA key, string member, string value)
    {
        var jwk = AuthorizationServer.Jwk(id, key);
        jwk[member] = value;
        return jwk;
    }

    private static async Task AcceptedAsync(TokenServer server, string token) => Assert.Equal((HttpStatusCode.OK, ""), await server.TryAsync(token));

    private Task<TokenServer> StartAsync(params string[] args) => StartAsync(new TokenServer(_ => args));

    private async Task<TokenServer> StartAsync(TokenServer server)
    {
        _servers.Add(server);
        await server.InitializeAsync();
        return server;
    }
}
