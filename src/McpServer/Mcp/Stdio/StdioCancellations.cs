using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Stdio;

/// <summary>Counts cancelled requests out of their connection once their work has ended, not when the cancellation comes: a call may take its time to heed it.</summary>
internal sealed class StdioCancellations : IMcpFeature
{
    public void AddTo(McpServerOptions options) => options.Filters.Message.IncomingFilters.Add(Counted);

    private static McpMessageHandler Counted(McpMessageHandler next) =>
        async (message, cancellationToken) =>
        {
            try
            {
                await next(message, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // Any other end is answered, and the answer counts the request out.
                if (message.JsonRpcMessage is JsonRpcRequest request && McpConnection.Of(message).Transport is StdioTransport session)
                {
                    session.EndUnanswered(request);
                }

                throw;
            }
        };
}
