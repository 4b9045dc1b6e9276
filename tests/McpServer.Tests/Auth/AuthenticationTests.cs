using System.Net;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Auth;

public sealed class AuthenticationTests(TestServer server) : IClassFixture<TestServer>
{
    public static TheoryData<string, string, string> Unusable => new()
    {
        { "", "", "api_key_missing" },
        { "X-API-Key", "aip_wrong", "api_key_invalid" },
        { "X-API-Key", " ", "api_key_invalid" },
        { "Authorization", "Bearer aip_wrong", "api_key_invalid" },
        { "Authorization", "Bearer ", "api_key_invalid" },
        { "Authorization", "Basic YTpi", "api_key_invalid" },
        { "X-API-Key", new string('a', 5_000), "api_key_invalid" },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task Request_WithoutUsableKey_Answers401AndHowToAuthenticate(string header, string value, string code)
    {
        using var request = RawMcp.Post(null, RawMcp.Initialize);
        if (header.Length > 0)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal(code, (await RawMcp.MessageAsync(response)).GetProperty("error").GetProperty("data").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Request_BearerKey_IsAccepted()
    {
        using var request = RawMcp.Post(null, RawMcp.Initialize);
        request.Headers.Add("Authorization", "Bearer " + server.Europe);
        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Request_TwoDifferentKeys_AreRefused()
    {
        using var request = RawMcp.Post(server.Europe, RawMcp.Initialize);
        request.Headers.Add("Authorization", "Bearer " + server.Administrator);
        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Request_KeyInTheQueryString_IsRefused()
    {
        using var request = RawMcp.Post(null, RawMcp.Initialize);
        request.RequestUri = new Uri($"/mcp?api_key={server.Europe}&X-API-Key={server.Europe}&access_token={server.Europe}", UriKind.Relative);
        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("partners")]
    [InlineData("no-such-group")]
    [InlineData("eu-retail,partners")]
    [InlineData("")]
    [InlineData(",")]
    public async Task GroupContext_NotTheCallersOwn_IsRefusedAlike(string groups)
    {
        using var request = RawMcp.Call(server.Europe, "whoami", "{}");
        request.Headers.TryAddWithoutValidation("X-Group-Context", groups);
        using var response = await server.Http.SendAsync(request);

        var message = await RawMcp.MessageAsync(response);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("group_override_refused", message.GetProperty("error").GetProperty("data").GetProperty("code").GetString());
        Assert.Equal("The group context may only name groups you belong to.", message.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task GroupContext_OneOfSeveral_NarrowsToIt()
    {
        var both = server.Keys.Add("both", "EU", "eu-retail", "partners");
        var all = await server.CallAsync(both, "whoami", "{}");
        using var request = RawMcp.Call(both, "whoami", "{}");
        request.Headers.Add("X-Group-Context", "EU-Retail");
        using var response = await server.Http.SendAsync(request);
        var narrowed = await RawMcp.MessageAsync(response);

        Assert.Equal(2, Structured(all).GetProperty("groups").GetArrayLength());
        Assert.Equal("eu-retail", Assert.Single(Structured(narrowed).GetProperty("groups").EnumerateArray()).GetString());
        Assert.True(Count(narrowed) < Count(all));
    }

    [Fact]
    public async Task GroupContext_OfAnAdministrator_ActsAsTheGroupAndIsAudited()
    {
        using var request = RawMcp.Call(server.Administrator, "whoami", "{}");
        request.Headers.Add("X-Group-Context", "us-wholesale");
        using var response = await server.Http.SendAsync(request);

        Assert.Equal("us-wholesale", Assert.Single(Structured(await RawMcp.MessageAsync(response)).GetProperty("groups").EnumerateArray()).GetString());
        Assert.Contains(server.Audit.Entries, e => e.StartsWith("acted", StringComparison.Ordinal) && e.EndsWith("us-wholesale", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Policy_Swapped_ChangesTheNextAnswer()
    {
        var key = server.Keys.Add("moving", "EU", "eu-retail");
        var before = server.Policy.Current;
        var first = await server.CallAsync(key, "whoami", "{}");
        server.Policy.Current = before with { Version = "test-2", Groups = before.Groups.Remove("eu-retail") };
        try
        {
            var second = await server.CallAsync(key, "whoami", "{}");

            Assert.NotEqual(0, Structured(first).GetProperty("catalogs").GetArrayLength());
            Assert.Equal(0, Structured(second).GetProperty("catalogs").GetArrayLength());
        }
        finally
        {
            server.Policy.Current = before;
        }
    }

    private static System.Text.Json.JsonElement Structured(System.Text.Json.JsonElement message) => message.GetProperty("result").GetProperty("structuredContent");

    private static int Count(System.Text.Json.JsonElement message) =>
        Structured(message).GetProperty("catalogs").EnumerateArray().Sum(c => c.GetProperty("visible_products").GetInt32());
}
