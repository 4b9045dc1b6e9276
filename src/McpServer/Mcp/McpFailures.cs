using System.Security.Cryptography;
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
                var reference = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
                Log.McpRequestFailed(logger, failure, request.JsonRpcRequest.Method, reference);
                throw new McpProtocolException($"The request failed. Try again; if it fails again, report the reference {reference}.", McpErrorCode.InternalError);
            }
        };
}
