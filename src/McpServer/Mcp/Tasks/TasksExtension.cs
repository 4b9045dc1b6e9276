using System.Text.Json.Nodes;
using AiPlatform.McpServer.Mcp.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tasks;

/// <summary>The extension <c>io.modelcontextprotocol/tasks</c> of revision 2026-07-28: a call may be answered with a task, which the client then asks for. Each request says anew that its client knows it.</summary>
internal static class TasksExtension
{
    public const string Id = "io.modelcontextprotocol/tasks";
    public const string Get = "tasks/get";
    public const string Update = "tasks/update";
    public const string Cancel = "tasks/cancel";

    /// <summary>Whether the request is of a revision that knows the extension.</summary>
    public static bool IsKnownTo(JsonRpcRequest request) =>
        Meta(request)?[MetaKeys.ProtocolVersion] is JsonValue version && version.TryGetValue<string>(out var revision) && revision == ProtocolVersions.Modern;

    /// <summary>Whether the request says that its client knows the extension.</summary>
    public static bool IsDeclaredBy(JsonRpcRequest request) =>
        IsKnownTo(request) && Meta(request)![MetaKeys.ClientCapabilities] is JsonObject capabilities && capabilities["extensions"] is JsonObject extensions && extensions[Id] is JsonObject;

    /// <summary>Whether a request for notices asks for those of tasks.</summary>
    public static bool IsListenedFor(JsonRpcRequest listen) => ((listen.Params as JsonObject)?["notifications"] as JsonObject)?["taskIds"] is not null;

    /// <summary>The refusal of a request whose client does not say so.</summary>
    public static MissingRequiredClientCapabilityException NotDeclared() => new(
        new ClientCapabilities { Extensions = new Dictionary<string, object> { [Id] = new JsonObject() } },
        $"The method is part of the extension {Id}: name it under extensions in the client's capabilities of the request.");

    private static JsonObject? Meta(JsonRpcRequest request) => (request.Params as JsonObject)?["_meta"] as JsonObject;
}
