using System.Net;
using System.Text.Json;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Auth.OAuth;

public sealed class ResourceMetadataTests
{
    private const string MetadataUrl = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp";

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource")]
    [InlineData("/.well-known/oauth-protected-resource/mcp")]
    public async Task Metadata_SaysWhereToSignIn(string path)
    {
        await using var server = await StartedAsync("--OAuth:Documentation=https://docs.example.com/mcp");
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        // Nothing of the request is believed, and any page may read it.
        request.Headers.Host = "evil.example";
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        request.Headers.Add("Origin", "https://inspector.example");
        using var response = await server.Value.Server.Http.SendAsync(request);
        var metadata = JsonElement.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(AuthorizationServer.Resource, metadata.GetProperty("resource").GetString());
        Assert.Equal([server.Value.Issuer.Issuer, server.Value.Other.Issuer], Texts(metadata, "authorization_servers"));
        Assert.Equal(["header"], Texts(metadata, "bearer_methods_supported"));
        Assert.Equal(["access:explain", "keys:read", "models:read", "products:read", "reindex:cancel", "reindex:read", "reindex:rollback", "reindex:start"], Texts(metadata, "scopes_supported"));
        Assert.Equal("AiPlatform product search", metadata.GetProperty("resource_name").GetString());
        Assert.Equal("https://docs.example.com/mcp", metadata.GetProperty("resource_documentation").GetString());
    }

    [Fact]
    public async Task Unauthorised_NamesTheMetadata()
    {
        await using var server = await StartedAsync();
        using var nothing = RawMcp.Post(null, RawMcp.Initialize);
        nothing.Headers.TryAddWithoutValidation("X-Forwarded-Host", "evil.example");
        using var missing = await server.Value.Server.Http.SendAsync(nothing);
        using var wrongKey = await server.Value.Server.Http.SendAsync(RawMcp.Post("aip_wrong", RawMcp.Initialize));
        var (wrongToken, _) = await server.Value.SendAsync(TokenServer.Request("a.b.c"));

        Assert.Equal($"Bearer realm=\"aiplatform\", scope=\"products:read\", resource_metadata=\"{MetadataUrl}\"", Header(missing));
        Assert.Equal($"Bearer realm=\"aiplatform\", error=\"invalid_token\", scope=\"products:read\", resource_metadata=\"{MetadataUrl}\"", Header(wrongKey));
        Assert.Equal(Header(wrongKey), Header(wrongToken));
    }

    [Fact]
    public async Task PublicUrl_StandsInForTheResource()
    {
        await using var server = await StartedAsync("--OAuth:Resource=", "--Mcp:PublicUrl=https://shop.example.com/assistants/");
        using var response = await server.Value.Server.Http.GetAsync("/.well-known/oauth-protected-resource/assistants/mcp");
        var metadata = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        using var missing = await server.Value.Server.Http.SendAsync(RawMcp.Post(null, RawMcp.Initialize));

        Assert.Equal("https://shop.example.com/assistants/mcp", metadata.GetProperty("resource").GetString());
        Assert.EndsWith("resource_metadata=\"https://shop.example.com/.well-known/oauth-protected-resource/assistants/mcp\"", Header(missing), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutAnIssuer_NothingSpeaksOfOAuth()
    {
        var server = new TestServer();
        await server.InitializeAsync();
        try
        {
            using var metadata = await server.Http.GetAsync("/.well-known/oauth-protected-resource");
            using var missing = await server.Http.SendAsync(RawMcp.Post(null, RawMcp.Initialize));
            using var token = await server.Http.SendAsync(TokenServer.Request("a.b.c"));

            Assert.Equal(HttpStatusCode.NotFound, metadata.StatusCode);
            Assert.Equal("Bearer realm=\"aiplatform\"", Header(missing));
            Assert.Equal("Bearer realm=\"aiplatform\", error=\"invalid_token\"", Header(token));
            Assert.Equal("api_key_invalid", (await RawMcp.MessageAsync(token)).GetProperty("error").GetProperty("data").GetProperty("code").GetString());
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task<Owned> StartedAsync(params string[] args)
    {
        var server = new TokenServer(_ => args);
        await server.InitializeAsync();
        return new Owned(server);
    }

    private static string Header(HttpResponseMessage response) => response.Headers.GetValues("WWW-Authenticate").Single();

    private static IEnumerable<string> Texts(JsonElement from, string name) => from.GetProperty(name).EnumerateArray().Select(e => e.GetString()!);

    private sealed record Owned(TokenServer Value) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Value.DisposeAsync();
    }
}
