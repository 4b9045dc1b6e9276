using System.Globalization;
using System.Net;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp.Http;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Auditing;

/// <summary>
/// Writes down every call, read, subscription, prompt and completion, one record each, whichever way it takes: by the SDK's handlers of either era
/// and transport (<see cref="AddTo"/>), by the direct path, or refused before both. Nothing that a client typed gets into a record.
/// </summary>
internal sealed class CallLog(CallNames names, ICallAudit audit, TimeProvider time)
{
    private const string Failed = "internal_error";

    // Refusals that nobody authenticated has caused are recorded as often as an address may fail.
    private readonly FailedCredentialLimiter _refusals = new(time);

    /// <summary>The items that a message of the caller travels with: the caller, and its call when it is one that is recorded.</summary>
    public Dictionary<string, object?> ItemsOf(Caller caller, in RpcEnvelope message)
    {
        var items = new Dictionary<string, object?>(2) { [Caller.ItemKey] = caller };
        if (message.Kind == RpcMessageKind.Request && names.Of(message) is (var method, var name))
        {
            items[McpCall.ItemKey] = new McpCall(caller, method, name, time.GetTimestamp());
        }

        return items;
    }

    /// <summary>Records what the SDK's handlers answer.</summary>
    public void AddTo(McpServerOptions options) => options.Filters.Message.IncomingFilters.Add(Recorded);

    /// <summary>Records a request that is answered without the SDK.</summary>
    public ValueTask RecordAsync(Caller caller, in RpcEnvelope message, string outcome, long begun) =>
        names.Of(message) is (var method, var name) ? RecordAsync(caller, method, name, outcome, begun) : ValueTask.CompletedTask;

    /// <summary>Records a request that is refused instead of being handled.</summary>
    public ValueTask RefusedAsync(Caller caller, in RpcEnvelope message, string code) =>
        message.Kind == RpcMessageKind.Request ? RecordAsync(caller, message, code, time.GetTimestamp()) : ValueTask.CompletedTask;

    /// <summary>Records the end of a call; only the first end counts.</summary>
    public ValueTask EndAsync(McpCall? call, string? outcome = null) =>
        call is not null && call.TryEnd() ? RecordAsync(call.Caller, call.Method, call.Name, outcome ?? call.Outcome, call.Begun) : ValueTask.CompletedTask;

    /// <summary>Records a request that was refused before its message was read, at most <see cref="FailedCredentialLimiter.PerMinute"/> a minute and address; the log has all.</summary>
    /// <param name="address">Where it came from; null for none.</param>
    /// <param name="subject">Who asked; null when nobody was authenticated.</param>
    /// <param name="code">The refusal.</param>
    public ValueTask RefusedAtTheDoorAsync(IPAddress? address, string? subject, string code) =>
        _refusals.Take(address).Allowed ? audit.RecordAsync(new CallRecord(time.GetUtcNow(), subject ?? "", [], "", "", code, 0)) : ValueTask.CompletedTask;

    /// <summary>Records a request that is no message.</summary>
    public ValueTask RecordAsync(Caller caller, string method, string name, string outcome, long begun) =>
        audit.RecordAsync(new CallRecord(time.GetUtcNow(), caller.Subject, caller.Scope.Groups, method, name, outcome, (int)Math.Min(time.GetElapsedTime(begun).TotalMilliseconds, int.MaxValue)));

    private McpMessageHandler Recorded(McpMessageHandler next) => async (message, cancellationToken) =>
    {
        if (McpCall.Of(message.JsonRpcMessage) is not { } call)
        {
            await next(message, cancellationToken);
            return;
        }

        try
        {
            await next(message, cancellationToken);
        }
        catch (Exception failure)
        {
            call.Outcome = OutcomeOf(failure);
            throw;
        }
        finally
        {
            await EndAsync(call);
        }
    };

    /// <summary>What a failure is recorded as.</summary>
    public static string OutcomeOf(Exception failure) => failure switch
    {
        OperationCanceledException => CallRecord.Cancelled,
        McpProtocolException refused => ((int)refused.ErrorCode).ToString(CultureInfo.InvariantCulture),
        _ => Failed,
    };
}
