using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Operations;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Tasks;

/// <summary>Answers for tasks, of whichever source has them. Every request is judged anew by the caller that sends it.</summary>
internal sealed class TasksFeature(IEnumerable<IMcpTaskSource> sources, ILogger<TasksFeature> logger) : IMcpFeature
{
    private const int MaxId = 128;

    private readonly IMcpTaskSource[] _sources = [.. sources];

    public void AddTo(McpServerOptions options)
    {
        options.Capabilities ??= new ServerCapabilities();
        options.Capabilities.Extensions ??= new Dictionary<string, object>();
        options.Capabilities.Extensions[TasksExtension.Id] = new JsonObject();
        options.Filters.Message.OutgoingFilters.Add(HiddenFromHandshake);
#pragma warning disable MCPEXP002 // The SDK's own door for extensions; it may still change.
        options.RequestHandlers ??= [];
        options.RequestHandlers.Add(Handle(TasksExtension.Get, GetAsync));
        options.RequestHandlers.Add(Handle(TasksExtension.Update, UpdateAsync));
        options.RequestHandlers.Add(Handle(TasksExtension.Cancel, CancelAsync));
    }

    private McpServerRequestHandler Handle(string method, Func<Caller, string, JsonRpcRequest, CancellationToken, ValueTask<JsonObject?>> handle) =>
        new() { Method = method, RoutingNameParameter = "taskId", Handler = (request, cancellationToken) => AnswerAsync(request, handle, cancellationToken) };
#pragma warning restore MCPEXP002

    private async ValueTask<JsonNode?> AnswerAsync(
        JsonRpcRequest request, Func<Caller, string, JsonRpcRequest, CancellationToken, ValueTask<JsonObject?>> handle, CancellationToken cancellationToken)
    {
        if (!TasksExtension.IsKnownTo(request))
        {
            throw new McpProtocolException($"The method is part of an extension of revision {Http.ProtocolVersions.Modern}.", McpErrorCode.MethodNotFound);
        }

        if (!TasksExtension.IsDeclaredBy(request))
        {
            throw TasksExtension.NotDeclared();
        }

        var id = (request.Params as JsonObject)?["taskId"] is JsonValue value && value.TryGetValue<string>(out var text) ? text
            : throw new McpProtocolException("'params.taskId' must be a string.", McpErrorCode.InvalidParams);
        try
        {
            var answer = id.Length > MaxId ? null : await handle(McpCaller.Of(request), id, request, cancellationToken);
            return answer ?? throw Unknown();
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or McpException))
        {
            var reference = FailureReference.Create();
            Log.McpRequestFailed(logger, failure, request.Method, reference);
            throw new McpProtocolException(FailureReference.Tell("request", reference), McpErrorCode.InternalError);
        }
    }

    private async ValueTask<JsonObject?> GetAsync(Caller caller, string id, JsonRpcRequest request, CancellationToken cancellationToken)
    {
        foreach (var source in _sources)
        {
            if (await source.FindAsync(caller, id, cancellationToken) is { } task)
            {
                return McpTaskJson.Write(task);
            }
        }

        return null;
    }

    private ValueTask<JsonObject?> CancelAsync(Caller caller, string id, JsonRpcRequest request, CancellationToken cancellationToken) =>
        FirstAsync(source => source.CancelAsync(caller, id, cancellationToken));

    private ValueTask<JsonObject?> UpdateAsync(Caller caller, string id, JsonRpcRequest request, CancellationToken cancellationToken)
    {
        if ((request.Params as JsonObject)?["inputResponses"] is not JsonObject answers)
        {
            throw new McpProtocolException("'params.inputResponses' must be an object.", McpErrorCode.InvalidParams);
        }

        var element = JsonSerializer.SerializeToElement(answers, McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonObject>());
        return FirstAsync(source => source.UpdateAsync(caller, id, element, cancellationToken));
    }

    /// <summary>An empty answer when a source has the task.</summary>
    private async ValueTask<JsonObject?> FirstAsync(Func<IMcpTaskSource, ValueTask<bool>> ask)
    {
        foreach (var source in _sources)
        {
            if (await ask(source))
            {
                return new JsonObject { ["resultType"] = "complete" };
            }
        }

        return null;
    }

    /// <summary>One answer for a task that never was, is forgotten, is another caller's, or whose right is gone.</summary>
    private static McpProtocolException Unknown() => new(
        "unknown_task: There is no such task. It may have been forgotten; get_reindex lists the latest jobs of a catalog.", McpErrorCode.InvalidParams);

    /// <summary>The older revisions have no such extension, and their clients are not told of it.</summary>
    private static McpMessageHandler HiddenFromHandshake(McpMessageHandler next) => (message, cancellationToken) =>
    {
        if (message.JsonRpcMessage is JsonRpcResponse { Result: JsonObject result } && result.ContainsKey("protocolVersion") && result["capabilities"] is JsonObject capabilities)
        {
            capabilities.Remove("extensions");
        }

        return next(message, cancellationToken);
    };
}
