using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Jobs;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp.Auditing;
using AiPlatform.McpServer.Mcp.Http;
using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.Operations;
using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Rest;

/// <summary>
/// What stands between an HTTP request and the resource that answers it: the same address check, credentials, limits, token scopes and audit as over MCP, a strictly
/// read body, and the one place where failures become words.
/// </summary>
internal sealed class RestDoor(CallerGate gate, StepUpGate stepUp, CallLog calls, IOptions<McpHttpOptions> options, TimeProvider time, ILogger<RestDoor> logger)
{
    /// <summary>Answers a request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="name">The route as the audit writes it, such as <c>POST /api/v1/reindex</c>.</param>
    /// <param name="isPermitted">Whether a scope may make such a request at all, somewhere; decides whether a token with more scopes would help.</param>
    /// <param name="handle">The resource.</param>
    public async Task HandleAsync(HttpContext http, string name, Func<AccessScope, bool> isPermitted, Func<RestRequest, ValueTask<RestAnswer>> handle)
    {
        var begun = time.GetTimestamp();
        var headers = RestHeaders.Read(http.Request.Headers, out var wrong);
        if (await gate.AdmitAsync(http, fault => RestEnvelope.WriteAsync(http, headers, null, null, Of(fault), time, begun)) is not { } caller)
        {
            return;
        }

        var outcome = CallRecord.Cancelled;
        try
        {
            var (answer, fault) = wrong is not null ? (null, wrong)
                : stepUp.Check(http, caller, name, isPermitted) is { } challenge ? (null, Of(challenge))
                : await AnswerAsync(http, caller, headers, name, handle);
            outcome = fault?.Code ?? CallRecord.Ok;
            await RestEnvelope.WriteAsync(http, headers, caller.Scope, answer, fault, time, begun);
        }
        finally
        {
            await calls.RecordAsync(caller, name, "", outcome, begun);
        }
    }

    private async ValueTask<(RestAnswer? Answer, RestFault? Fault)> AnswerAsync(HttpContext http, Caller caller, RestHeaders headers, string name, Func<RestRequest, ValueTask<RestAnswer>> handle)
    {
        try
        {
            var data = HttpMethods.IsPost(http.Request.Method) ? await RestBody.ReadAsync(http, options.Value.MaxBodyBytes) : ToolArguments.From(null);
            return (await handle(new RestRequest(http, caller, data, headers.Key)), null);
        }
        catch (RestFaultException refused)
        {
            return (null, refused.Fault);
        }
        catch (ToolArgumentException wrong)
        {
            return (null, new RestFault(StatusCodes.Status400BadRequest, wrong.Code, wrong.Message, wrong.Argument));
        }
        catch (CatalogRequestException unknown) when (unknown.Code == CatalogErrors.UnknownCatalog)
        {
            // One text for what does not exist and what the caller has no right in.
            return (null, new RestFault(StatusCodes.Status404NotFound, unknown.Code, "There is no such catalog for this.", "catalog"));
        }
        catch (ReindexRequestException refused)
        {
            return (null, new RestFault(refused.Code is "too_many_jobs" or "server_stopping" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status409Conflict, refused.Code, refused.Message, null, refused.IsRetryable));
        }
        catch (AccessRefusedException refused)
        {
            return (null, new RestFault(StatusCodes.Status403Forbidden, refused.Code, refused.Message));
        }
        catch (CatalogEngineException away)
        {
            var reference = FailureReference.Create();
            Log.EngineFailed(logger, away.Code, away.Message, reference);
            return (null, new RestFault(StatusCodes.Status503ServiceUnavailable, "search_unavailable", FailureReference.TellEngineAway(reference), null, away.IsTransient));
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !http.RequestAborted.IsCancellationRequested)
        {
            // The boundary of a request: the caller gets a reference to the log entry and nothing of the exception.
            var reference = FailureReference.Create();
            Log.RestRequestFailed(logger, failure, name, reference);
            return (null, new RestFault(StatusCodes.Status500InternalServerError, "internal_error", FailureReference.Tell("request", reference), null, Retryable: true));
        }
    }

    private static RestFault Of(RpcFault fault) => new(fault.Status, fault.Code, fault.Message, null, fault.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable);
}
