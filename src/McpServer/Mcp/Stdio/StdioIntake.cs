using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp.Auditing;
using AiPlatform.McpServer.Mcp.Http;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Stdio;

/// <summary>What stands between a line of the input and the server: the checks of a message over HTTP, in the same order where they apply.</summary>
internal sealed class StdioIntake(StdioConnection connection, StdioTransport modern, StdioTransport legacy, StdioCredentials credentials, CallerAuthentication authentication, CallLog calls, ILogger logger)
{
    /// <summary>Takes one line. False when the key is not valid any more: nothing of this client may be answered from then on.</summary>
    public async ValueTask<bool> TakeAsync(InputLine line, CancellationToken cancellationToken)
    {
        if (line.TooLong)
        {
            await connection.SendFaultAsync(IncomingMessage.TooLarge, default, cancellationToken);
            return true;
        }

        if (line.Bytes.Span.Trim(" \t\r"u8).IsEmpty)
        {
            return true;
        }

        if (IncomingMessage.TryRead(line.Bytes, out var unreadable) is not { } incoming)
        {
            await connection.SendFaultAsync(unreadable!, default, cancellationToken);
            return true;
        }

        using (incoming)
        {
            return await AdmitAsync(incoming, cancellationToken);
        }
    }

    private async ValueTask<bool> AdmitAsync(IncomingMessage incoming, CancellationToken cancellationToken)
    {
        var envelope = incoming.Envelope;
        var outcome = await authentication.AuthenticateAsync(credentials.Headers, cancellationToken);
        if (outcome.Caller is { } caller)
        {
            await (MethodParameters.Check(envelope) is { } fault ? RefuseAsync(envelope, fault, cancellationToken)
                : incoming.TryParse(out var misshapen) is { } message ? HandOnAsync(message, caller, envelope, cancellationToken)
                : RefuseAsync(caller, envelope, misshapen!, cancellationToken));
            return true;
        }

        Log.RequestRefused(logger, outcome.Code);
        await calls.RefusedAtTheDoorAsync(null, outcome.Subject, outcome.Code);
        await RefuseAsync(envelope, FaultOf(outcome), cancellationToken);
        return outcome.Status != StatusCodes.Status401Unauthorized;
    }

    private async Task HandOnAsync(JsonRpcMessage message, Caller caller, RpcEnvelope envelope, CancellationToken cancellationToken)
    {
        RequestId? cancelled = message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification } notice ? IdIn(notice.Params) : null;
        var session = cancelled is { } working ? connection.SessionOf(working) ?? legacy : SessionFor(envelope);
        if (message is JsonRpcRequest request && connection.Enter(request, session) is { } fault)
        {
            await RefuseAsync(caller, envelope, fault, cancellationToken);
            return;
        }

        message.Context = new JsonRpcMessageContext
        {
            User = caller.Principal,
            Items = calls.ItemsOf(caller, envelope),
        };
        await session.HandOnAsync(message, cancellationToken);
    }

    /// <summary>
    /// A request that names its revision needs no handshake; everything else belongs to the session that begins with one. Kept apart, because a
    /// client that gives up waiting for an answer to its first question goes on with a handshake on the same connection.
    /// </summary>
    private StdioTransport SessionFor(in RpcEnvelope envelope) =>
        envelope.Kind == RpcMessageKind.Request && RpcEnvelope.Member(envelope.Meta, MetaKeys.ProtocolVersion).ValueKind != JsonValueKind.Undefined ? modern : legacy;

    private async Task RefuseAsync(Caller caller, RpcEnvelope envelope, RpcFault fault, CancellationToken cancellationToken)
    {
        await calls.RefusedAsync(caller, envelope, fault.Code);
        await RefuseAsync(envelope, fault, cancellationToken);
    }

    /// <summary>A notification or an answer is never answered, so a refused one is only dropped.</summary>
    private Task RefuseAsync(RpcEnvelope envelope, RpcFault fault, CancellationToken cancellationToken) =>
        envelope.Kind == RpcMessageKind.Request ? connection.SendFaultAsync(fault, envelope.Id, cancellationToken) : Task.CompletedTask;

    private static RpcFault FaultOf(AuthenticationOutcome outcome) => new(
        outcome.Status,
        RpcErrors.Refused,
        outcome.Code,
        outcome.Rate is { Allowed: false } rate ? $"Too many requests for this key's tier. Wait {rate.RetryAfterSeconds} seconds." : outcome.Message);

    private static RequestId? IdIn(JsonNode? parameters) => (parameters as JsonObject)?["requestId"] switch
    {
        JsonValue text when text.TryGetValue<string>(out var id) => new RequestId(id),
        JsonValue number when number.TryGetValue<long>(out var id) => new RequestId(id),
        _ => null,
    };
}
