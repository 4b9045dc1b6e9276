using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Mcp.Http;

/// <summary>What a request of the stateless revision says about itself.</summary>
public sealed class RequestEnvelopeTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Version = "io.modelcontextprotocol/protocolVersion";
    private const string Capabilities = "io.modelcontextprotocol/clientCapabilities";
    private const string ClientInfo = "io.modelcontextprotocol/clientInfo";

    [Fact]
    public async Task Post_ClientThatDoesNotNameItself_IsServed()
    {
        var (status, message) = await DiscoverAsync(TestServer.Modern, new JsonObject { [Version] = TestServer.Modern, [Capabilities] = new JsonObject() });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(message.TryGetProperty("result", out _));
    }

    [Fact]
    public async Task Post_ClientInfoThatIsNoObject_Answers400()
    {
        var meta = new JsonObject { [Version] = TestServer.Modern, [Capabilities] = new JsonObject(), [ClientInfo] = "me" };
        var (status, message) = await DiscoverAsync(TestServer.Modern, meta);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(-32602, message.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Post_UnknownRevisionInTheEnvelope_OffersWhatDiscoverNames()
    {
        var (_, discovered) = await DiscoverAsync(TestServer.Modern, new JsonObject { [Version] = TestServer.Modern, [Capabilities] = new JsonObject() });
        var (status, message) = await DiscoverAsync("2030-01-01", new JsonObject { [Version] = "2030-01-01", [Capabilities] = new JsonObject() });

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            discovered.GetProperty("result").GetProperty("supportedVersions").EnumerateArray().Select(v => v.GetString()),
            message.GetProperty("error").GetProperty("data").GetProperty("supported").EnumerateArray().Select(v => v.GetString()));
    }

    private async Task<(HttpStatusCode Status, JsonElement Message)> DiscoverAsync(string version, JsonObject meta)
    {
        var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "server/discover", ["params"] = new JsonObject { ["_meta"] = meta } };
        using var request = RawMcp.Post(server.Europe, body.ToJsonString(), version: version);
        request.Headers.Add("Mcp-Method", "server/discover");
        using var response = await server.Http.SendAsync(request);
        return (response.StatusCode, await RawMcp.MessageAsync(response));
    }
}
