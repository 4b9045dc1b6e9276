using AiPlatform.McpServer.Mcp.Http;

namespace AiPlatform.McpServer.Operations;

/// <summary>The boundary of a request: an unexpected failure is logged under a reference and answered without any of its details.</summary>
internal sealed class FailureBoundary(RequestDelegate next, ILogger<FailureBoundary> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client left: nobody to answer.
        }
        catch (BadHttpRequestException broken) when (!http.Response.HasStarted)
        {
            await RpcErrorResponse.WriteAsync(http, new RpcFault(broken.StatusCode, RpcErrors.Refused, "bad_request", "The HTTP request is broken."));
        }
        catch (Exception failure) when (!http.Response.HasStarted)
        {
            var reference = FailureReference.Create();
            Log.RequestFailed(logger, failure, reference);
            http.Response.Clear();
            await RpcErrorResponse.WriteAsync(http, new RpcFault(
                StatusCodes.Status500InternalServerError, RpcErrors.InternalError, "internal_error", FailureReference.Tell("request", reference)));
        }
    }
}
