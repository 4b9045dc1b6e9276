using System.Collections.Frozen;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>Looks at the parameters of every method a client can send before the SDK does, which would answer a wrong one as an error of the server.</summary>
internal static class MethodParameters
{
    /// <summary>The parameters of what clients send, by method.</summary>
    public static readonly IReadOnlyDictionary<string, Type> Types = new Dictionary<string, Type>
    {
        [RequestMethods.Initialize] = typeof(InitializeRequestParams),
        [RequestMethods.Ping] = typeof(PingRequestParams),
        [RequestMethods.ServerDiscover] = typeof(DiscoverRequestParams),
        [RequestMethods.ToolsList] = typeof(ListToolsRequestParams),
        [RequestMethods.ToolsCall] = typeof(CallToolRequestParams),
        [RequestMethods.ResourcesList] = typeof(ListResourcesRequestParams),
        [RequestMethods.ResourcesTemplatesList] = typeof(ListResourceTemplatesRequestParams),
        [RequestMethods.ResourcesRead] = typeof(ReadResourceRequestParams),
        [RequestMethods.ResourcesSubscribe] = typeof(SubscribeRequestParams),
        [RequestMethods.ResourcesUnsubscribe] = typeof(UnsubscribeRequestParams),
        [RequestMethods.PromptsList] = typeof(ListPromptsRequestParams),
        [RequestMethods.PromptsGet] = typeof(GetPromptRequestParams),
        [RequestMethods.CompletionComplete] = typeof(CompleteRequestParams),
        [RequestMethods.LoggingSetLevel] = typeof(SetLevelRequestParams),
        [RequestMethods.SubscriptionsListen] = typeof(SubscriptionsListenRequestParams),
        [NotificationMethods.InitializedNotification] = typeof(InitializedNotificationParams),
        [NotificationMethods.CancelledNotification] = typeof(CancelledNotificationParams),
        [NotificationMethods.ProgressNotification] = typeof(ProgressNotificationParams),
        [NotificationMethods.RootsListChangedNotification] = typeof(RootsListChangedNotificationParams),
    };

    private static readonly FrozenDictionary<string, ParameterShape> Shapes = MakeShapes();

    /// <summary>Null when the method's handler can read the parameters, or nobody knows the method.</summary>
    public static RpcFault? Check(in RpcEnvelope message)
    {
        if (!Shapes.TryGetValue(message.Method, out var shape) || (shape.Check(message.Params) ?? CheckProgressToken(message.Params)) is not { } fault)
        {
            return null;
        }

        var at = fault.In("params").Path;
        if (fault.IsCaseVariant)
        {
            return new RpcFault(StatusCodes.Status400BadRequest, RpcErrors.InvalidRequest, "malformed_message", $"'{at}' {fault.Message}. Write the protocol's keys exactly.");
        }

        // A handshake that fails leaves no session to answer in.
        var status = message.Method == RequestMethods.Initialize ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        // A notification that cannot be read has no answer and no effect.
        return message.Kind == RpcMessageKind.Request ? new RpcFault(status, RpcErrors.InvalidParams, "invalid_params", $"'{at}' {fault.Message}.") : null;
    }

    /// <summary>The SDK binds metadata as any object, and takes a token of a wrong kind for none.</summary>
    private static ParameterFault? CheckProgressToken(JsonElement parameters)
    {
        var token = RpcEnvelope.Member(RpcEnvelope.Member(parameters, "_meta"), "progressToken");
        return token.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String || (token.ValueKind == JsonValueKind.Number && token.TryGetInt64(out _))
            ? null
            : new ParameterFault("_meta.progressToken", "must be a string or an integer");
    }

    private static FrozenDictionary<string, ParameterShape> MakeShapes()
    {
        var known = new Dictionary<Type, ParameterShape>();
        return Types.ToFrozenDictionary(t => t.Key, t => ParameterShape.Of(t.Value, known), StringComparer.Ordinal);
    }
}
