using AiPlatform.Core.Access;
using AiPlatform.McpServer.Mcp.Auditing;
using AiPlatform.McpServer.Mcp.Confirmation;
using AiPlatform.McpServer.Mcp.Tasks;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

#pragma warning disable MCPEXP002 // The SDK's own door for answers that are no results of tools; it may still change.

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Lists and calls tools.</summary>
internal sealed class ToolsFeature(ToolRunner tools, ListPages pages) : IMcpFeature
{
    /// <summary>The outcome of a call that was answered with a question.</summary>
    private const string InputRequired = "input_required";

    public void AddTo(McpServerOptions options)
    {
        options.Handlers.ListToolsHandler = ListAsync;
        options.Handlers.CallToolWithAlternateHandler = CallAsync;
    }

    private ValueTask<ListToolsResult> ListAsync(RequestContext<ListToolsRequestParams> request, CancellationToken cancellationToken)
    {
        var scope = McpCaller.Of(request).Scope;
        var page = pages.Page(RequestMethods.ToolsList, scope, tools.ListFor(scope), request.Params?.Cursor);
        var result = new ListToolsResult { Tools = page.Items, NextCursor = page.NextCursor };
        return ValueTask.FromResult(result);
    }

    private async ValueTask<ResultOrAlternate<CallToolResult>> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var revision = request.JsonRpcRequest.Context?.ProtocolVersion ?? request.Server.NegotiatedProtocolVersion;
        var call = new ToolCall(McpCaller.Of(request), ToolArguments.From(request.Params?.Arguments), new SdkFeedback(request), ProductLink.IsKnownTo(revision))
        {
            Client = InputOf(request),
            TakesTasks = TasksExtension.IsDeclaredBy(request.JsonRpcRequest),
        };
        var answer = await AnswerAsync(request, call, cancellationToken);
        return answer.Task is { } task
            ? ResultOrAlternate<CallToolResult>.FromAlternate(CreatedTask.Of(task), CreatedTaskJson.Default.CreatedTask)
            : answer.ToResult();
    }

    private async ValueTask<ToolAnswer> AnswerAsync(RequestContext<CallToolRequestParams> request, ToolCall call, CancellationToken cancellationToken)
    {
        var recorded = McpCall.Of(request);
        try
        {
            var answer = await tools.RunAsync(request.Params?.Name ?? "", call, cancellationToken);
            recorded?.Outcome = answer.ErrorCode ?? CallRecord.Ok;
            return answer;
        }
        catch (InputRequiredException)
        {
            recorded?.Outcome = InputRequired;
            throw;
        }
    }

    /// <summary>The question goes out as an answer or as a request of its own, as the revision wants it; either way the SDK sees to it.</summary>
    private static ClientInput InputOf(RequestContext<CallToolRequestParams> request)
    {
        var canAsk = request.Server.IsMrtrSupported && request.Server.ClientCapabilities?.Elicitation?.Form is not null;
        var answers = request.Params?.InputResponses;
        return new ClientInput(canAsk, request.Params?.RequestState, answers is not null && answers.TryGetValue(Confirmations.Key, out var answer) ? answer.RawValue : default);
    }
}
