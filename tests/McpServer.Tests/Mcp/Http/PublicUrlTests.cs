using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Tests.Mcp.Http;

public sealed class PublicUrlTests
{
    [Theory]
    [InlineData("search.example.com")]
    [InlineData("/search")]
    [InlineData("ftp://search.example.com")]
    [InlineData("https://search.example.com?a=b")]
    [InlineData("https://search.example.com#here")]
    [InlineData("https://user:secret@search.example.com")]
    [InlineData("https://search.example.com/mcp")]
    [InlineData("https://search.example.com/shop/mcp/")]
    public async Task Start_WithAnUnusablePublicUrl_FailsAndSaysHowToWriteIt(string url)
    {
        var server = new TestServer(null, $"--Mcp:PublicUrl={url}");
        try
        {
            var failure = await Assert.ThrowsAsync<OptionsValidationException>(server.InitializeAsync);

            var error = Assert.Single(failure.Failures);
            Assert.Contains("Mcp:PublicUrl", error, StringComparison.Ordinal);
            Assert.Contains("such as https://mcp.example.com", error, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("https://search.example.com")]
    [InlineData("http://10.1.2.3:8080/")]
    [InlineData("https://search.example.com/shop/")]
    public async Task Start_WithAUsablePublicUrl_Works(string url)
    {
        var server = new TestServer(null, $"--Mcp:PublicUrl={url}");
        await server.InitializeAsync();
        await server.DisposeAsync();
    }
}
