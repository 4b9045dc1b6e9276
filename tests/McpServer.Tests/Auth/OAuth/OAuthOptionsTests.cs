using AiPlatform.McpServer.Auth.OAuth;
using AiPlatform.McpServer.Mcp.Http;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Tests.Auth.OAuth;

public sealed class OAuthOptionsTests
{
    [Fact]
    public async Task Start_WithBrokenOptions_ReportsThemAllTogether()
    {
        var server = new TestServer(
            null, "--OAuth:Issuers:0:Issuer=http://login.example.com", "--OAuth:Issuers:1:Issuer=https://a.example", "--OAuth:Issuers:1:JwksUri=ftp://a.example/keys",
            "--OAuth:Issuers:1:Algorithms:0=HS256", "--OAuth:Issuers:2:Issuer=https://a.example", "--OAuth:DefaultScopes=everything", "--OAuth:ClockSkewSeconds=301");
        try
        {
            var failure = await Assert.ThrowsAsync<OptionsValidationException>(server.InitializeAsync);

            Assert.Equal(7, failure.Failures.Count());
            foreach (var part in new[] { "ClockSkewSeconds", "OAuth:Resource is missing", "`everything`", "OAuth:Issuers:0:Issuer", "OAuth:Issuers:1:JwksUri", "`HS256`", "more than once" })
            {
                Assert.Contains(failure.Failures, f => f.Contains(part, StringComparison.Ordinal));
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("https://login.example.com", false, true)]
    [InlineData("https://login.example.com/realms/shop/", false, true)]
    [InlineData("http://login.example.com", false, false)]
    [InlineData("http://login.example.com", true, false)]
    [InlineData("http://127.0.0.1:8080", false, false)]
    [InlineData("http://127.0.0.1:8080", true, true)]
    [InlineData("http://localhost:8080/realms/a", true, true)]
    [InlineData("http://10.0.0.5", true, false)]
    [InlineData("https://user@login.example.com", false, false)]
    [InlineData("https://login.example.com?x=1", false, false)]
    [InlineData("login.example.com", false, false)]
    [InlineData("", false, false)]
    public void Issuer_IsHttpsOrThisMachineWhenAllowed(string issuer, bool allowInternal, bool good)
    {
        var options = new OAuthOptions { Resource = "https://mcp.example.com/mcp", Issuers = [new TrustedIssuerOptions { Issuer = issuer, AllowInternal = allowInternal }] };

        Assert.Equal(good, new OAuthOptionsValidator(Options.Create(new McpHttpOptions())).Validate(null, options).Succeeded);
    }

    [Theory]
    [InlineData("https://mcp.example.com", true)]
    [InlineData("http://127.0.0.1:5080/mcp", true)]
    [InlineData("http://mcp.example.com/mcp", false)]
    [InlineData("https://mcp.example.com/mcp#x", false)]
    [InlineData("/mcp", false)]
    public void Resource_IsAnAbsoluteUrl(string resource, bool good)
    {
        var options = new OAuthOptions { Resource = resource, Issuers = [new TrustedIssuerOptions { Issuer = "https://login.example.com" }] };

        Assert.Equal(good, new OAuthOptionsValidator(Options.Create(new McpHttpOptions())).Validate(null, options).Succeeded);
    }
}
