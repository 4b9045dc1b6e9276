using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Lists and calls tools.</summary>
internal sealed class ToolsFeature(ToolRunner tools) : IMcpFeature
{
    public void AddTo(McpServerOptions options)
    {
        options.Handlers.ListToolsHandler = ListAsync;
        options.Handlers.CallToolHandler = CallAsync;
    }

    private ValueTask<ListToolsResult> ListAsync(RequestContext<ListToolsRequestParams> request, CancellationToken cancellationToken)
    {
        if (request.Params?.Cursor is not null)
        {
            throw new McpProtocolException("The cursor is not valid: the list of tools has one page.", McpErrorCode.InvalidParams);
        }

        var result = new ListToolsResult { Tools = tools.ListFor(McpCaller.Of(request).Scope) };
        return ValueTask.FromResult(result);
    }

    private async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var call = new ToolCall(McpCaller.Of(request), ToolArguments.From(request.Params?.Arguments), new SdkFeedback(request));
        var answer = await tools.RunAsync(request.Params?.Name ?? "", call, cancellationToken);
        return answer.ToResult();
    }
}
