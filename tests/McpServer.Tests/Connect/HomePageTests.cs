using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using AiPlatform.McpServer.Connect;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Connect;

public sealed class HomePageTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Browser_GetsAWellFormedPageWhoseSnippetsAreTheGenerators()
    {
        var page = Parse(await GetAsync("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"));
        var shown = page.Descendants("code").Where(c => ((string?)c.Attribute("id"))?.StartsWith("snippet-", StringComparison.Ordinal) is true).Select(c => c.Value)
            .Concat(page.Descendants("a").Select(a => (string)a.Attribute("href")!).Where(h => h.StartsWith("vscode:", StringComparison.Ordinal) || h.StartsWith("cursor:", StringComparison.Ordinal)));

        Assert.Equal(Expected().Select(s => s.Text).Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
        Assert.Contains("healthy", page.Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_IsAccessible()
    {
        var page = Parse(await GetAsync("text/html"));
        var ids = page.Descendants().Select(e => (string?)e.Attribute("id")).Where(i => i is not null).ToList();

        Assert.Equal("en", (string?)page.Root!.Attribute("lang"));
        Assert.NotEqual("", page.Descendants("title").Single().Value);
        Assert.Single(page.Descendants("h1"));
        Assert.Single(page.Descendants("main"));
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(page.Descendants("a").Select(a => (string)a.Attribute("href")!).Where(h => h.StartsWith('#')), h => Assert.Contains(h[1..], ids));
        Assert.All(page.Descendants("button"), b => Assert.Contains((string)b.Attribute("data-copy")!, ids));
        Assert.All(page.Descendants().Select(e => (string?)e.Attribute("aria-labelledby")).Where(i => i is not null), i => Assert.Contains(i, ids));
    }

    [Fact]
    public async Task Page_RunsAndLoadsNothingButItsOwn()
    {
        using var response = await SendAsync(HttpMethod.Get, "text/html");
        var page = Parse(await response.Content.ReadAsStringAsync());
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));

        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains($"script-src '{Digest(page.Descendants("script").Single().Value)}'", policy, StringComparison.Ordinal);
        Assert.Contains($"style-src '{Digest(page.Descendants("style").Single().Value)}'", policy, StringComparison.Ordinal);
        Assert.All(page.Descendants().SelectMany(e => e.Attributes()), a =>
        {
            Assert.False(a.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase) || a.Name.LocalName is "style" or "src", $"{a.Parent!.Name} has {a}");
        });
        Assert.All(page.Descendants("a").Select(a => (string)a.Attribute("href")!), h => Assert.Matches("^(#|/|vscode:|cursor:)", h));
        Assert.Empty(page.Descendants("link"));
    }

    [Fact]
    public async Task Page_SaysNothingOfKeysGroupsOrCatalogs()
    {
        foreach (var accept in (string[])["text/html", "*/*"])
        {
            var page = await GetAsync(accept);
            Assert.All((string[])["aip_", TestCatalog.SecretWord, "eu-retail", "partners", "sample"], word => Assert.DoesNotContain(word, page, StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("*/*")]
    public async Task Page_SaysWhatAKeyNeedsAndWhereTheInspectorRuns(string accept)
    {
        var page = await GetAsync(accept);

        Assert.Contains("--attribute region=EU", page, StringComparison.Ordinal);
        Assert.Contains("Node 22.19", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("text/html;q=0, */*")]
    public async Task Terminal_GetsTextWithTheSnippetsAsTheyAre(string? accept)
    {
        using var response = await SendAsync(HttpMethod.Get, accept);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        Assert.All(Expected().Where(s => s.Form != SnippetForm.Link), s => Assert.Contains($"\n{s.Text}\n", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("*/*")]
    public async Task Head_HasTheHeadersOfGetAndNoBody(string accept)
    {
        using var get = await SendAsync(HttpMethod.Get, accept);
        using var head = await SendAsync(HttpMethod.Head, accept);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Equal((await get.Content.ReadAsByteArrayAsync()).Length, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Page_AskedForAgain_IsNotSentAgain()
    {
        using var first = await SendAsync(HttpMethod.Get, "text/html");
        using var again = await SendAsync(HttpMethod.Get, "text/html", r => r.Headers.IfNoneMatch.Add(first.Headers.ETag!));
        using var asText = await SendAsync(HttpMethod.Get, "*/*", r => r.Headers.IfNoneMatch.Add(first.Headers.ETag!));

        Assert.True(first.Headers.CacheControl!.NoCache);
        Assert.Contains("Accept", first.Headers.Vary);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(HttpStatusCode.OK, asText.StatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("<script>.example")]
    public async Task Host_Foreign_IsRefusedAndNotRepeated(string host)
    {
        using var response = await SendAsync(HttpMethod.Get, "text/html", r => r.Headers.TryAddWithoutValidation("Host", host));

        Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.Forbidden, HttpStatusCode.BadRequest]);
        Assert.DoesNotContain(host, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_Allowed_IsTheOneInTheSnippets()
    {
        using var response = await SendAsync(HttpMethod.Get, "*/*", r => r.Headers.Host = "localhost:8080");

        Assert.Contains("http://localhost:8080/mcp", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PublicUrl_Set_IsTheOneInTheSnippets()
    {
        var behindProxy = new TestServer(null, "--Mcp:PublicUrl=https://search.example.com/");
        await behindProxy.InitializeAsync();
        try
        {
            Assert.Contains("add --transport http aiplatform https://search.example.com/mcp ", await behindProxy.Http.GetStringAsync("/"), StringComparison.Ordinal);
        }
        finally
        {
            await behindProxy.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("*/*")]
    public async Task SignIn_NamesAccessTokensWhereAnIssuerIsTrustedAndNowhereElse(string accept)
    {
        const string Metadata = "/.well-known/oauth-protected-resource/mcp";
        var signingIn = new TestServer(null, "--Mcp:PublicUrl=https://search.example.com", "--OAuth:Issuers:0:Issuer=https://login.example.com");
        await signingIn.InitializeAsync();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var response = await signingIn.Http.SendAsync(request);
            var page = await response.Content.ReadAsStringAsync();

            Assert.Contains("access token", page, StringComparison.Ordinal);
            Assert.Contains(Metadata, page, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await signingIn.Http.GetAsync(new Uri(Metadata, UriKind.Relative))).StatusCode);
            Assert.DoesNotContain("access token", await GetAsync(accept), StringComparison.Ordinal);
        }
        finally
        {
            await signingIn.DisposeAsync();
        }
    }

    private System.Collections.Immutable.ImmutableArray<ClientSnippet> Expected() => ClientSnippets.For(Connection.Over(server.Address));

    private async Task<string> GetAsync(string accept)
    {
        using var response = await SendAsync(HttpMethod.Get, accept);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string? accept, Action<HttpRequestMessage>? more = null)
    {
        using var request = new HttpRequestMessage(method, "/");
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        more?.Invoke(request);
        return await server.Http.SendAsync(request);
    }

    private static XDocument Parse(string html)
    {
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        using var reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
    }

    private static string Digest(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
