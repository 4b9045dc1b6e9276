using AiPlatform.Core.Access;
using AiPlatform.McpServer.Mcp.Auditing;
using AiPlatform.McpServer.Mcp.Http;
using AiPlatform.McpServer.Operations;
using AiPlatform.McpServer.Rest;
using AiPlatform.Router.Calls;

namespace AiPlatform.McpServer.OpenAi;

/// <summary>What stands between a request of <c>/v1</c> and what answers it: the same address check, credentials, limits and audit as at the other doors, and errors in OpenAI's shape.</summary>
internal sealed class OpenAiDoor(CallerGate gate, CallLog calls, TimeProvider time, ILogger<OpenAiDoor> logger)
{
    /// <summary>Answers a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="name">The route as the audit writes it.</param>
    /// <param name="handle">Answers, or throws before its first byte.</param>
    public async Task HandleAsync(HttpContext http, string name, Func<OpenAiRequest, Task> handle)
    {
        var begun = time.GetTimestamp();
        var headers = RestHeaders.Read(http.Request.Headers, out var wrong);
        http.Response.Headers[RestHeaders.Request] = headers.RequestId;
        http.Response.Headers[RestHeaders.Correlation] = headers.CorrelationId;
        if (await gate.AdmitAsync(http, fault => OpenAiError.Of(fault).WriteAsync(http)) is not { } caller)
        {
            return;
        }

        var outcome = CallRecord.Cancelled;
        try
        {
            var error = wrong is not null ? OpenAiError.Wrong(wrong.Status, wrong.Code, wrong.Message, wrong.Field) : await TryAsync(new OpenAiRequest(http, caller, headers.RequestId), name, handle);
            outcome = error?.Code ?? CallRecord.Ok;
            if (error is not null)
            {
                await error.WriteAsync(http);
            }
        }
        finally
        {
            await calls.RecordAsync(caller, name, "", outcome, begun);
        }
    }

    private async ValueTask<OpenAiError?> TryAsync(OpenAiRequest request, string name, Func<OpenAiRequest, Task> handle)
    {
        try
        {
            await handle(request);
            return null;
        }
        catch (RouterException failure) when (!request.Http.Response.HasStarted)
        {
            return OpenAiError.Of(failure);
        }
        catch (Exception failure) when (!request.Http.Response.HasStarted && (failure is not OperationCanceledException || !request.Http.RequestAborted.IsCancellationRequested))
        {
            // The boundary of a request: the caller gets a reference to the log entry and nothing of the exception.
            var reference = FailureReference.Create();
            Log.RestRequestFailed(logger, failure, name, reference);
            return OpenAiError.Internal(FailureReference.Tell("request", reference));
        }
    }
}
