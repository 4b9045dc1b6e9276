using System.Text.Json;
using AiPlatform.McpServer.Mcp.Tasks;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>What a request of the stateless revision must say about itself, in headers and metadata that agree.</summary>
internal static class ModernRequestCheck
{
    private static readonly HashSet<string> Removed = new(StringComparer.Ordinal)
    {
        "initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe",
    };

    /// <summary>Null when the message may be handled.</summary>
    public static RpcFault? Check(in RpcEnvelope message, IHeaderDictionary headers)
    {
        if (message.Kind == RpcMessageKind.Answer)
        {
            return Bad(RpcErrors.InvalidRequest, "answer_not_expected", "This revision has no requests of the server that could be answered in a message of its own.");
        }

        return (message.Kind == RpcMessageKind.Request ? CheckMeta(message.Meta) : null)
            ?? CheckMethod(message, headers)
            ?? CheckName(message, headers);
    }

    private static RpcFault? CheckMeta(JsonElement meta)
    {
        var version = RpcEnvelope.Member(meta, MetaKeys.ProtocolVersion);
        if (version.ValueKind != JsonValueKind.String)
        {
            return Bad(RpcErrors.InvalidParams, "meta_missing", $"params._meta must hold {MetaKeys.ProtocolVersion}.");
        }

        if (!version.ValueEquals(ProtocolVersions.Modern))
        {
            return Bad(RpcErrors.HeaderMismatch, "version_mismatch", $"The {McpHeaders.ProtocolVersion} header and params._meta name different revisions.");
        }

        if (RpcEnvelope.Member(meta, MetaKeys.ClientCapabilities).ValueKind != JsonValueKind.Object)
        {
            return Bad(RpcErrors.InvalidParams, "meta_missing", $"params._meta must hold {MetaKeys.ClientCapabilities}, an object.");
        }

        // A client should name itself and need not.
        return RpcEnvelope.Member(meta, MetaKeys.ClientInfo).ValueKind is JsonValueKind.Object or JsonValueKind.Undefined
            ? null
            : Bad(RpcErrors.InvalidParams, "meta_invalid", $"{MetaKeys.ClientInfo} in params._meta must be an object.");
    }

    private static RpcFault? CheckMethod(in RpcEnvelope message, IHeaderDictionary headers)
    {
        if (!HeaderText.Says(headers[McpHeaders.Method], message.Method))
        {
            return Bad(RpcErrors.HeaderMismatch, "method_mismatch", $"The {McpHeaders.Method} header must equal the message's method.");
        }

        return Removed.Contains(message.Method)
            ? new RpcFault(StatusCodes.Status404NotFound, RpcErrors.MethodNotFound, "method_not_found", $"The method is not part of revision {ProtocolVersions.Modern}.")
            : null;
    }

    private static RpcFault? CheckName(in RpcEnvelope message, IHeaderDictionary headers)
    {
        var parameter = message.Method switch
        {
            "tools/call" or "prompts/get" => "name",
            "resources/read" => "uri",
            TasksExtension.Get or TasksExtension.Update or TasksExtension.Cancel => "taskId",
            _ => null,
        };
        return parameter is null || (message.Param(parameter) is { } name && HeaderText.Says(headers[McpHeaders.Name], name))
            ? null
            : Bad(RpcErrors.HeaderMismatch, "name_mismatch", $"The {McpHeaders.Name} header must equal params.{parameter}.");
    }

    private static RpcFault Bad(int rpcCode, string code, string message) => new(StatusCodes.Status400BadRequest, rpcCode, code, message);
}
