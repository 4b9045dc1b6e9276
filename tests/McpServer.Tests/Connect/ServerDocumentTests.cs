using System.Text.Json;
using AiPlatform.McpServer.Connect;
using AiPlatform.McpServer.Mcp;

namespace AiPlatform.McpServer.Tests.Connect;

/// <summary>The description for registries, held against what its schema asks for.</summary>
public sealed class ServerDocumentTests
{
    public static TheoryData<string, string?> Documents => new()
    {
        { ServerDocument.ExampleName, null },
        { "com.acme.shop/search", "https://search.acme.example/mcp" },
    };

    [Fact]
    public void File_OfTheRepository_IsTheGenerators() =>
        Assert.Equal(ServerDocument.Create(ServerDocument.ExampleName, null), RepositoryFile.Read("src", "McpServer", "server.json"));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Document_HasWhatTheSchemaAsksFor(string name, string? endpoint)
    {
        var document = JsonElement.Parse(ServerDocument.Create(name, endpoint is null ? null : new Uri(endpoint)));

        Assert.Equal(["$schema", "name", "title", "description", "version", "remotes"], document.EnumerateObject().Select(m => m.Name));
        Assert.Equal("https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json", document.GetProperty("$schema").GetString());
        Assert.Matches("^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$", document.GetProperty("name").GetString());
        Assert.InRange(document.GetProperty("name").GetString()!.Length, 3, 200);
        Assert.InRange(document.GetProperty("title").GetString()!.Length, 1, 100);
        Assert.InRange(document.GetProperty("description").GetString()!.Length, 1, 100);
        Assert.Equal(ServerIdentity.Version, document.GetProperty("version").GetString());
        Assert.Matches(@"^\d+\.\d+\.\d+$", document.GetProperty("version").GetString());
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Remote_IsStreamableHttpWithASecretKeyThatIsRequired(string name, string? endpoint)
    {
        var remote = Assert.Single(JsonElement.Parse(ServerDocument.Create(name, endpoint is null ? null : new Uri(endpoint))).GetProperty("remotes").EnumerateArray());
        var url = remote.GetProperty("url").GetString()!;
        var header = Assert.Single(remote.GetProperty("headers").EnumerateArray());

        Assert.Equal("streamable-http", remote.GetProperty("type").GetString());
        Assert.Matches(@"^https?://[^\s]+$", url);
        Assert.Equal(("X-API-Key", true, true), (header.GetProperty("name").GetString(), header.GetProperty("isRequired").GetBoolean(), header.GetProperty("isSecret").GetBoolean()));
        if (endpoint is not null)
        {
            Assert.Equal(endpoint, url);
            Assert.False(remote.TryGetProperty("variables", out _));
            return;
        }

        // Every variable of the address is declared, so that a client can ask for it.
        var declared = remote.GetProperty("variables").EnumerateObject().Select(v => $"{{{v.Name}}}").ToList();
        Assert.All(declared, v => Assert.Contains(v, url, StringComparison.Ordinal));
        Assert.Equal(url.Count(c => c == '{'), declared.Count);
    }
}
