using System.Text.Json;
using AiPlatform.McpServer.Mcp.Http;
using AiPlatform.McpServer.Mcp.Prompts;
using AiPlatform.McpServer.Mcp.Tasks;
using AiPlatform.McpServer.Mcp.Tools;

namespace AiPlatform.McpServer.Mcp.Auditing;

/// <summary>What a request asks for, in words that are the server's own: a tool or prompt that exists, the catalog of a resource. Anything else a client wrote is left out.</summary>
internal sealed class CallNames(ToolRunner tools, IEnumerable<IMcpPrompt> prompts)
{
    private const string ResourceScheme = "catalog://";
    private const int MaxCatalog = 64;

    private readonly HashSet<string> _prompts = prompts.Select(p => p.Definition.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>The method and the name; null when the method is not recorded.</summary>
    public (string Method, string Name)? Of(in RpcEnvelope message) => message.Method switch
    {
        "tools/call" => ("tools/call", Tool(message.Param("name"))),
        "resources/read" => ("resources/read", Catalog(message.Param("uri"))),
        "resources/subscribe" => ("resources/subscribe", Catalog(message.Param("uri"))),
        "subscriptions/listen" => ("subscriptions/listen", ""),
        "prompts/get" => ("prompts/get", Prompt(message.Param("name"))),
        "completion/complete" => ("completion/complete", Reference(RpcEnvelope.Member(message.Params, "ref"))),
        TasksExtension.Get or TasksExtension.Update or TasksExtension.Cancel => (message.Method, ""),
        _ => null,
    };

    private string Tool(string? name) => name is not null && tools.Knows(name) ? name : "";

    private string Prompt(string? name) => name is not null && _prompts.TryGetValue(name, out var known) ? known : "";

    private string Reference(JsonElement reference) =>
        RpcEnvelope.Member(reference, "name") is { ValueKind: JsonValueKind.String } prompt ? Prompt(prompt.GetString())
        : RpcEnvelope.Member(reference, "uri") is { ValueKind: JsonValueKind.String } uri && uri.ValueEquals(ProductUri.Template) ? ProductUri.Template
        : "";

    private static string Catalog(string? uri)
    {
        var name = uri is null ? ""
            : ProductUri.TryRead(uri, out var catalog, out _) ? catalog
            : uri.StartsWith(ResourceScheme, StringComparison.OrdinalIgnoreCase) ? uri[ResourceScheme.Length..]
            : "";
        return name.Length <= MaxCatalog && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? name : "";
    }
}
