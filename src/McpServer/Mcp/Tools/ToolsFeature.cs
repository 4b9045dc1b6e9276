using AiPlatform.McpServer.Mcp.Auditing;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Lists and calls tools.</summary>
internal sealed class ToolsFeature(ToolRunner tools, ListPages pages) : IMcpFeature
{
    public void AddTo(McpServerOptions options)
    {
        options.Handlers.ListToolsHandler = ListAsync;
        options.Handlers.CallToolHandler = CallAsync;
    }

    private ValueTask<ListToolsResult> ListAsync(RequestContext<ListToolsRequestParams> request, CancellationToken cancellationToken)
    {
        var scope = McpCaller.Of(request).Scope;
        var page = pages.Page(RequestMethods.ToolsList, scope, tools.ListFor(scope), request.Params?.Cursor);
        var result = new ListToolsResult { Tools = page.Items, NextCursor = page.NextCursor };
        return ValueTask.FromResult(result);
    }

    private async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var revision = request.JsonRpcRequest.Context?.ProtocolVersion ?? request.Server.NegotiatedProtocolVersion;
        var call = new ToolCall(McpCaller.Of(request), ToolArguments.From(request.Params?.Arguments), new SdkFeedback(request), ProductLink.IsKnownTo(revision));
        var answer = await tools.RunAsync(request.Params?.Name ?? "", call, cancellationToken);
        if (answer.ErrorCode is { } code && McpCall.Of(request) is { } recorded)
        {
            recorded.Outcome = code;
        }

        return answer.ToResult();
    }
}
