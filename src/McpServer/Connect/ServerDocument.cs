using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp;
using AiPlatform.McpServer.Mcp.Http;

namespace AiPlatform.McpServer.Connect;

/// <summary>
/// The description of the server that registries take (<c>server.json</c>). Everybody runs the server at an address of their own and
/// publishes it under a name of their own, so both are given, or left for whoever reads the document to fill in.
/// </summary>
internal static class ServerDocument
{
    /// <summary>The schema it follows.</summary>
    public const string Schema = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json";

    /// <summary>The name in the document of the repository: the namespace reserved for examples, to be replaced by one's own.</summary>
    public const string ExampleName = "com.example/aiplatform";

    private const string HostVariable = "host";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document, ending in a line end.</summary>
    /// <param name="name">Reverse-DNS namespace, a slash, and a name.</param>
    /// <param name="endpoint">The public address of the endpoint; null for a host that the reader fills in.</param>
    public static string Create(string name, Uri? endpoint)
    {
        var remote = new JsonObject
        {
            ["type"] = "streamable-http",
            ["url"] = endpoint?.AbsoluteUri ?? $"https://{{{HostVariable}}}{McpEndpoint.Path}",
            ["headers"] = new JsonArray(new JsonObject
            {
                ["name"] = PresentedCredential.KeyHeader,
                ["description"] = "API key; whoever runs the server makes it with keys create",
                ["isRequired"] = true,
                ["isSecret"] = true,
            }),
        };
        if (endpoint is null)
        {
            remote["variables"] = new JsonObject
            {
                [HostVariable] = new JsonObject { ["description"] = "Host of your AiPlatform server, with its port unless that is 443", ["isRequired"] = true },
            };
        }

        return new JsonObject
        {
            ["$schema"] = Schema,
            ["name"] = name,
            ["title"] = ServerIdentity.Implementation.Title,
            ["description"] = "Product search that shows each caller exactly what its groups may see",
            ["version"] = ServerIdentity.Version,
            ["remotes"] = new JsonArray(remote),
        }.ToJsonString(Indented) + "\n";
    }
}
