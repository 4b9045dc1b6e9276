using AiPlatform.McpServer.Operations;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp;

/// <summary>The boundary of a request that is no tool call: what was not expected is logged under a reference, and the caller gets the reference and nothing else.</summary>
internal sealed class McpFailures(ILogger<McpFailures> logger)
{
    /// <summary>The handler with the boundary around it.</summary>
    public McpRequestHandler<TParams, TResult> Guard<TParams, TResult>(McpRequestHandler<TParams, TResult> handler) =>
        async (request, cancellationToken) =>
        {
            try
            {
                return await handler(request, cancellationToken);
            }
            catch (Exception failure) when (failure is not (OperationCanceledException or McpException))
            {
                var reference = FailureReference.Create();
                Log.McpRequestFailed(logger, failure, request.JsonRpcRequest.Method, reference);
                throw new McpProtocolException(FailureReference.Tell("request", reference), McpErrorCode.InternalError);
            }
        };
}
