using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Auth.OAuth;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Auth.OAuth;

public sealed class TokenVerificationTests(TokenServer server) : IClassFixture<TokenServer>
{
    private AuthorizationServer Issuer => server.Issuer;

    [Theory]
    [InlineData("RS256", "rsa-1")]
    [InlineData("PS256", "rsa-1")]
    [InlineData("ES256", "ec-1")]
    public async Task Token_OfEachAlgorithm_IsAccepted(string algorithm, string key) =>
        Assert.Equal(HttpStatusCode.OK, (await server.TryAsync(Issuer.Sign(Issuer.Claims(groups: "eu"), algorithm, key))).Status);

    public static TheoryData<string> Good => [.. GoodTokens.Keys];

    [Theory]
    [MemberData(nameof(Good))]
    public async Task Token_Good_IsAccepted(string what) => Assert.Equal(HttpStatusCode.OK, (await server.TryAsync(GoodTokens[what](Issuer))).Status);

    public static TheoryData<string> Bad => [.. BadTokens.Keys];

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Token_Bad_Answers401AndNothingElse(string what)
    {
        // By the verifier, for the reason; by the server, for the answer. A server of its own, because failures of an address are counted.
        var (token, fault) = BadTokens[what](Issuer);
        var check = await server.Server.Services.GetRequiredService<TokenVerifier>().VerifyAsync(token, CancellationToken.None);
        var (status, code) = await server.TryAsync(token);
        server.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal("token_invalid", code);
        if (fault != TokenFault.Claims)
        {
            Assert.Null(check.Token);
            Assert.Equal(fault, check.Fault);
        }
    }

    [Fact]
    public async Task Token_InTheQueryString_IsNeverRead()
    {
        using var request = RawMcp.Post(null, RawMcp.Initialize);
        request.RequestUri = new Uri($"/mcp?access_token={Issuer.Token(groups: "eu")}", UriKind.Relative);
        using var response = await server.Server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var error = (await RawMcp.MessageAsync(response)).GetProperty("error");
        Assert.Equal("api_key_missing", error.GetProperty("data").GetProperty("code").GetString());
        Assert.Contains("access token", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_BesideAnApiKey_IsRefused()
    {
        var request = TokenServer.Request(Issuer.Token(groups: "eu"));
        request.Headers.Add("X-API-Key", server.Server.Europe);
        var (response, _) = await server.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task ApiKey_AsBearer_StaysAKey()
    {
        var (response, _) = await server.SendAsync(TokenServer.Request(server.Server.Europe));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Token_Expiring_IsRefusedFromThenOnThoughItWasRemembered()
    {
        var claims = Issuer.Claims(groups: "eu");
        claims["exp"] = server.Time.GetUtcNow().ToUnixTimeSeconds() + 10;
        var token = Issuer.Sign(claims);
        Assert.Equal(HttpStatusCode.OK, (await server.TryAsync(token)).Status);

        server.Time.Advance(TimeSpan.FromSeconds(10 + 59));
        Assert.Equal(HttpStatusCode.OK, (await server.TryAsync(token)).Status);
        server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.TryAsync(token)).Status);
    }

    [Fact]
    public async Task Token_WithAHeaderOfForeignKeys_FetchesNothingFromThere()
    {
        var attacker = server.Other;
        var before = attacker.Requests.Count;
        foreach (var header in new[] { "jku", "x5u" })
        {
            var token = Issuer.Sign(Issuer.Claims(groups: "eu"), header: h => h[header] = attacker.Issuer + "/jwks");
            Assert.Equal(HttpStatusCode.OK, (await server.TryAsync(token)).Status);
        }

        Assert.Equal(before, attacker.Requests.Count);
    }

    [Fact]
    public async Task Verified_ManyTokens_StayBounded()
    {
        var memory = new VerifiedTokens(server.Time);
        var verifier = server.Server.Services.GetRequiredService<TokenVerifier>();
        var good = (await verifier.VerifyAsync(Issuer.Token(groups: "eu"), CancellationToken.None)).Token!;
        for (var i = 0; i < VerifiedTokens.Capacity * 3; i++)
        {
            memory.Keep("digest " + i, good, server.Time.GetUtcNow());
        }

        Assert.InRange(memory.Count, 1, VerifiedTokens.Capacity);
        Assert.NotNull(memory.Find("digest " + ((VerifiedTokens.Capacity * 3) - 1)));
        server.Time.Advance(VerifiedTokens.Lifetime);
        Assert.Null(memory.Find("digest " + ((VerifiedTokens.Capacity * 3) - 1)));
    }

    private static readonly Dictionary<string, Func<AuthorizationServer, string>> GoodTokens = new(StringComparer.Ordinal)
    {
        ["type JWT"] = i => i.Sign(i.Claims(), header: h => h["typ"] = "JWT"),
        ["type application/at+jwt"] = i => i.Sign(i.Claims(), header: h => h["typ"] = "application/AT+JWT"),
        ["no type"] = i => i.Sign(i.Claims(), header: h => h.Remove("typ")),
        ["one of several audiences"] = i => With(i, c => c["aud"] = new JsonArray("https://other.example", AuthorizationServer.Resource)),
        ["expired within the clocks' difference"] = i => With(i, c => c["exp"] = c["iat"]!.GetValue<long>() - 59),
        ["not yet valid within the clocks' difference"] = i => With(i, c => c["nbf"] = c["iat"]!.GetValue<long>() + 59),
        ["times with a fraction"] = i => With(i, c => c["exp"] = c["iat"]!.GetValue<long>() + 100.5),
        ["scopes as a list"] = i => With(i, c => { c.Remove("scope"); c["scp"] = new JsonArray("products:read", "openid"); }),
        ["no scope claim"] = i => With(i, c => c.Remove("scope")),
    };

    private static readonly Dictionary<string, Func<AuthorizationServer, (string, TokenFault)>> BadTokens = new(StringComparer.Ordinal)
    {
        ["text"] = _ => ("abc", TokenFault.Malformed),
        ["dots"] = _ => ("..", TokenFault.Malformed),
        ["four parts"] = i => (i.Token() + ".x", TokenFault.Malformed),
        ["padding"] = i => (i.Token() + "=", TokenFault.Malformed),
        ["line break inside"] = i => (i.Token().Insert(20, " "), TokenFault.Malformed),
        ["header no JSON"] = i => ("eyJ." + i.Token().Split('.', 2)[1], TokenFault.Malformed),
        ["claims no object"] = i => (i.Sign("[]"), TokenFault.Malformed),
        ["repeated claim"] = i => (i.Sign(i.Claims().ToJsonString()[..^1] + ",\"sub\":\"root\"}"), TokenFault.Malformed),
        ["half a surrogate pair in the key id"] = i => (Raw("""{"alg":"ES256","kid":"\ud800"}""", i.Claims().ToJsonString()), TokenFault.Malformed),
        ["half a surrogate pair in the type"] = i => (Raw("""{"alg":"ES256","kid":"ec-1","typ":"\udc00"}""", i.Claims().ToJsonString()), TokenFault.Malformed),
        ["half a surrogate pair in the algorithm"] = i => (Raw("""{"alg":"\ud800","kid":"ec-1"}""", i.Claims().ToJsonString()), TokenFault.Malformed),
        ["half a surrogate pair in the issuer"] = i => (Raw("""{"alg":"ES256","kid":"ec-1"}""", """{"iss":"\ud800"}"""), TokenFault.Malformed),
        ["half a surrogate pair in a name"] = i => (i.Sign(Escaped(i, "zone")), TokenFault.Malformed),
        ["half a surrogate pair in the audience"] = i => (i.Sign(Escaped(i, AuthorizationServer.Resource)), TokenFault.Malformed),
        ["half a surrogate pair in the subject"] = i => (i.Sign(Escaped(i, "ada")), TokenFault.Malformed),
        ["half a surrogate pair in the scope"] = i => (i.Sign(Escaped(i, "products:read")), TokenFault.Malformed),
        ["half a surrogate pair in a group"] = i => (i.Sign(Escaped(i, "eu")), TokenFault.Malformed),
        ["half a surrogate pair in an attribute"] = i => (i.Sign(Escaped(i, "EU")), TokenFault.Malformed),
        ["not UTF-8"] = _ => ($"{Base64Url.EncodeToString([(byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'1', (byte)'}'])}.e30.AAAA", TokenFault.Malformed),
        ["nested deeply"] = i => (i.Sign("{\"a\":" + new string('[', 40) + new string(']', 40) + "}"), TokenFault.Malformed),
        ["huge"] = i => (With(i, c => c["padding"] = new string('x', 9_000)), TokenFault.Malformed),
        ["none"] = i => (Unsigned(i, "none", ""), TokenFault.Malformed),
        ["none with a signature"] = i => (Unsigned(i, "none", "AAAA"), TokenFault.Algorithm),
        ["None in other case"] = i => (Unsigned(i, "nOnE", "AAAA"), TokenFault.Algorithm),
        ["no algorithm"] = i => (i.Sign(i.Claims(), header: h => h.Remove("alg")), TokenFault.Algorithm),
        ["RS384"] = i => (i.Sign(i.Claims(), header: h => h["alg"] = "RS384"), TokenFault.Algorithm),
        ["HS256 with the public key as the secret (PEM)"] = i => (Symmetric(i, Encoding.UTF8.GetBytes(i.Rsa("rsa-1").ExportSubjectPublicKeyInfoPem())), TokenFault.Algorithm),
        ["HS256 with the public key as the secret (modulus)"] = i => (Symmetric(i, i.Rsa("rsa-1").ExportParameters(false).Modulus!), TokenFault.Algorithm),
        ["EC algorithm with an RSA key"] = i => (i.Sign(i.Claims(), header: h => h["alg"] = "ES256"), TokenFault.Signature),
        ["RSA algorithm with an EC key"] = i => (i.Sign(i.Claims(), "ES256", "ec-1", h => h["alg"] = "RS256"), TokenFault.Signature),
        ["PSS named, PKCS#1 signed"] = i => (i.Sign(i.Claims(), "RS256", header: h => h["alg"] = "PS256"), TokenFault.Signature),
        ["EC signature in DER"] = i => (Der(i), TokenFault.Signature),
        ["no key id"] = i => (i.Sign(i.Claims(), header: h => h.Remove("kid")), TokenFault.Header),
        ["unknown key id"] = i => (i.Sign(i.Claims(), header: h => h["kid"] = "rsa-9"), TokenFault.UnknownKey),
        ["long key id"] = i => (i.Sign(i.Claims(), header: h => h["kid"] = new string('k', 300)), TokenFault.Header),
        ["another's key in the header"] = i => (Foreign(i), TokenFault.Signature),
        ["an extension that must be understood"] = i => (i.Sign(i.Claims(), header: h => h["crit"] = new JsonArray("exp")), TokenFault.Header),
        ["proof, not token"] = i => (i.Sign(i.Claims(), header: h => h["typ"] = "dpop+jwt"), TokenFault.Header),
        ["type no text"] = i => (i.Sign(i.Claims(), header: h => h["typ"] = 1), TokenFault.Header),
        ["claims changed"] = i => (Changed(i), TokenFault.Signature),
        ["signature changed"] = i => (i.Token()[..^8] + "AAAAAAAA", TokenFault.Signature),
        ["foreign issuer"] = i => (With(i, c => c["iss"] = "https://evil.example"), TokenFault.Issuer),
        ["issuer with a slash more"] = i => (With(i, c => c["iss"] = i.Issuer + "/"), TokenFault.Issuer),
        ["no issuer"] = i => (With(i, c => c.Remove("iss")), TokenFault.Issuer),
        ["audience of another server"] = i => (With(i, c => c["aud"] = "https://other.example/mcp"), TokenFault.Audience),
        ["audience that begins alike"] = i => (With(i, c => c["aud"] = AuthorizationServer.Resource + "2"), TokenFault.Audience),
        ["audiences without this server"] = i => (With(i, c => c["aud"] = new JsonArray("a", 1)), TokenFault.Audience),
        ["no audience"] = i => (With(i, c => c.Remove("aud")), TokenFault.Audience),
        ["expired"] = i => (With(i, c => c["exp"] = c["iat"]!.GetValue<long>() - 61), TokenFault.Expired),
        ["no end"] = i => (With(i, c => c.Remove("exp")), TokenFault.Expired),
        ["end as text"] = i => (With(i, c => c["exp"] = "9999999999"), TokenFault.Expired),
        ["end beyond time"] = i => (With(i, c => c["exp"] = 1e300), TokenFault.Expired),
        ["end negative"] = i => (With(i, c => c["exp"] = -1), TokenFault.Expired),
        ["not yet valid"] = i => (With(i, c => c["nbf"] = c["iat"]!.GetValue<long>() + 61), TokenFault.NotYetValid),
        ["issued in the future"] = i => (With(i, c => c["iat"] = c["iat"]!.GetValue<long>() + 61), TokenFault.NotYetValid),
        ["begin as text"] = i => (With(i, c => c["nbf"] = "0"), TokenFault.NotYetValid),
        ["scope no text"] = i => (With(i, c => c["scope"] = 1), TokenFault.Claims),
        ["too many scopes"] = i => (With(i, c => c["scope"] = string.Join(' ', Enumerable.Range(0, 65).Select(n => $"r{n}:read"))), TokenFault.Claims),
        ["no subject"] = i => (With(i, c => c.Remove("sub")), TokenFault.Claims),
        ["empty subject"] = i => (With(i, c => c["sub"] = ""), TokenFault.Claims),
        ["subject no text"] = i => (With(i, c => c["sub"] = 12), TokenFault.Claims),
        ["long subject"] = i => (With(i, c => c["sub"] = new string('s', ClaimReader.MaxSubjectLength + 1)), TokenFault.Claims),
        ["subject with a bidirectional control"] = i => (With(i, c => c["sub"] = "a\u202Eb"), TokenFault.Claims),
        ["subject with a line break"] = i => (With(i, c => c["sub"] = "a\nb"), TokenFault.Claims),
    };

    private static string With(AuthorizationServer issuer, Action<JsonObject> change)
    {
        var claims = issuer.Claims(groups: "eu");
        change(claims);
        return issuer.Sign(claims);
    }

    private static string Raw(string header, string claims) => $"{AuthorizationServer.Encode(header)}.{AuthorizationServer.Encode(claims)}.AAAA";

    /// <summary>Good claims but for one text, which ends in an escape that no text can hold.</summary>
    private static string Escaped(AuthorizationServer issuer, string text) =>
        issuer.Claims(groups: "eu").ToJsonString().Replace($"\"{text}\"", $"\"{text}\\ud800\"", StringComparison.Ordinal);

    private static string Unsigned(AuthorizationServer issuer, string algorithm, string signature) =>
        $"{AuthorizationServer.Encode($$"""{"alg":"{{algorithm}}","typ":"at+jwt","kid":"rsa-1"}""")}.{AuthorizationServer.Encode(issuer.Claims().ToJsonString())}.{signature}";

    private static string Symmetric(AuthorizationServer issuer, byte[] secret)
    {
        var signed = Unsigned(issuer, "HS256", "")[..^1];
        return signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)));
    }

    private static string Foreign(AuthorizationServer issuer)
    {
        using var own = RSA.Create(2048);
        var header = new JsonObject { ["alg"] = "RS256", ["kid"] = "rsa-1", ["jwk"] = AuthorizationServer.Jwk("rsa-1", own) };
        var signed = AuthorizationServer.Encode(header.ToJsonString()) + "." + AuthorizationServer.Encode(issuer.Claims().ToJsonString());
        return signed + "." + Base64Url.EncodeToString(AuthorizationServer.SignatureOf(own, "RS256", Encoding.ASCII.GetBytes(signed)));
    }

    private static string Changed(AuthorizationServer issuer)
    {
        var parts = issuer.Token().Split('.');
        return $"{parts[0]}.{AuthorizationServer.Encode(issuer.Claims("root").ToJsonString())}.{parts[2]}";
    }

    private static string Der(AuthorizationServer issuer)
    {
        var token = issuer.Sign(issuer.Claims(), "ES256", "ec-1");
        var at = token.LastIndexOf('.');
        var raw = Base64Url.DecodeFromChars(token.AsSpan(at + 1));
        byte[] der = [0x30, 0x44, 0x02, 0x20, .. raw[..32], 0x02, 0x20, .. raw[32..]];
        return token[..at] + "." + Base64Url.EncodeToString(der);
    }
}
