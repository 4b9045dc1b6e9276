using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp.Auditing;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>One message of a client: checks it in the order clients rely on, then hands it to a session (older revisions) or to a server of its own (2026-07-28).</summary>
internal sealed class McpPost(
    CallerGate gate, LegacySessions sessions, McpServerFactory factory, DirectToolCall direct, MessageChecks checks, CallLog calls, IOptions<McpHttpOptions> options, TimeProvider time, ILogger<McpPost> logger)
{
    private static readonly RpcFault NotJson = new(
        StatusCodes.Status415UnsupportedMediaType, RpcErrors.Refused, "content_type_not_json", "Send Content-Type: application/json.");

    private static readonly RpcFault NotAcceptable = new(
        StatusCodes.Status406NotAcceptable, RpcErrors.Refused, "accept_missing", "Accept must list application/json and text/event-stream.");

    public async Task HandleAsync(HttpContext http)
    {
        if (await gate.AdmitAsync(http) is not { } caller)
        {
            return;
        }

        if (!MediaTypes.IsJson(http.Request.ContentType))
        {
            await RpcErrorResponse.WriteAsync(http, NotJson);
            return;
        }

        using var body = await RequestBody.ReadAsync(http.Request, options.Value.MaxBodyBytes, http.RequestAborted);
        if (body is null)
        {
            http.Response.Headers.Connection = "close";
            await RpcErrorResponse.WriteAsync(http, IncomingMessage.TooLarge);
        }
        else if (!MediaTypes.AcceptsJsonAndEvents(http.Request.Headers.Accept))
        {
            await RpcErrorResponse.WriteAsync(http, NotAcceptable);
        }
        else
        {
            await HandleBodyAsync(http, caller, body.Bytes);
        }
    }

    private async Task HandleBodyAsync(HttpContext http, Caller caller, ReadOnlyMemory<byte> body)
    {
        if (IncomingMessage.TryRead(body, out var unreadable) is not { } incoming)
        {
            await RpcErrorResponse.WriteAsync(http, unreadable!);
            return;
        }

        using (incoming)
        {
            await HandleAsync(http, caller, incoming);
        }
    }

    private async Task HandleAsync(HttpContext http, Caller caller, IncomingMessage incoming)
    {
        var envelope = incoming.Envelope;
        var version = VersionCheck.Header(http.Request.Headers);
        var fault = checks.Check(http, caller, envelope, version);
        if (fault is not null)
        {
            await RefuseAsync(http, caller, envelope, fault);
            return;
        }

        if (version == ProtocolVersions.Modern)
        {
            await AnswerStatelessAsync(http, caller, incoming);
        }
        else if (envelope is { Kind: RpcMessageKind.Request, Method: "initialize" } && http.Request.Headers[McpHeaders.SessionId].Count == 0)
        {
            await OpenSessionAsync(http, caller, incoming);
        }
        else if (await FindSessionAsync(http, caller, envelope) is { } session)
        {
            await AnswerInSessionAsync(http, caller, session, incoming);
        }
    }

    private async Task AnswerStatelessAsync(HttpContext http, Caller caller, IncomingMessage incoming)
    {
        var envelope = incoming.Envelope;
        if (options.Value.DirectToolCalls && direct.Fits(envelope))
        {
            await direct.AnswerAsync(http, caller, envelope, ProtocolVersions.Modern);
        }
        else if (await ParseAsync(http, caller, incoming) is { } message)
        {
            await AnswerStatelessAsync(http, message);
        }
    }

    private async Task AnswerInSessionAsync(HttpContext http, Caller caller, LegacySession session, IncomingMessage incoming)
    {
        var envelope = incoming.Envelope;
        if (options.Value.DirectToolCalls && direct.Fits(envelope) && !session.WantsLog)
        {
            session.Enter(time.GetTimestamp());
            try
            {
                await direct.AnswerAsync(http, caller, envelope, session.Revision);
            }
            finally
            {
                session.Leave(time.GetTimestamp());
            }
        }
        else if (await ParseAsync(http, caller, incoming) is { } message)
        {
            await PostInSessionAsync(http, session, envelope, message);
        }
    }

    /// <summary>The message as the SDK takes it, with its sender; null when the refusal has been written.</summary>
    private async ValueTask<JsonRpcMessage?> ParseAsync(HttpContext http, Caller caller, IncomingMessage incoming)
    {
        if (incoming.TryParse(out var fault) is not { } message)
        {
            await RefuseAsync(http, caller, incoming.Envelope, fault!);
            return null;
        }

        message.Context = new JsonRpcMessageContext
        {
            User = caller.Principal,
            // In a session the handshake has settled the revision: a header that names another one with sessions changes nothing.
            ProtocolVersion = VersionCheck.Header(http.Request.Headers) is ProtocolVersions.Modern ? ProtocolVersions.Modern : null,
            Items = calls.ItemsOf(caller, incoming.Envelope),
        };
        return message;
    }

    private async Task AnswerStatelessAsync(HttpContext http, JsonRpcMessage message)
    {
        await using var transport = new StreamableHttpServerTransport { Stateless = true };
        await using var server = factory.Create(transport);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var run = server.RunAsync(ended.Token);
        await using (var answer = new AnswerBody(http, statusFollowsError: true, time, http.RequestAborted))
        {
            var answered = await transport.HandlePostRequestAsync(message, answer, async first => await answer.OnFirstMessageAsync(first), http.RequestAborted);
            if (!answered && !answer.Started)
            {
                http.Response.StatusCode = StatusCodes.Status202Accepted;
            }
        }

        await ended.CancelAsync();
        await transport.DisposeAsync();
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task PostInSessionAsync(HttpContext http, LegacySession session, RpcEnvelope envelope, JsonRpcMessage message)
    {
        if (message is not JsonRpcRequest request)
        {
            await session.TellAsync(message);
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else if (session.Active >= options.Value.MaxRunningPerSession)
        {
            http.Response.Headers.RetryAfter = "1";
            await calls.EndAsync(McpCall.Of(message), SessionFaults.Busy.Code);
            await RpcErrorResponse.WriteAsync(http, SessionFaults.Busy, envelope.Id);
        }
        else if (await SessionCall.AnswerAsync(http, session, request, time) is { } fault)
        {
            await calls.EndAsync(McpCall.Of(message), fault.Code);
            await RpcErrorResponse.WriteAsync(http, fault, envelope.Id);
        }
    }

    /// <summary>The session the request names; null when the refusal has been written.</summary>
    private async ValueTask<LegacySession?> FindSessionAsync(HttpContext http, Caller caller, RpcEnvelope envelope)
    {
        var id = http.Request.Headers[McpHeaders.SessionId].ToString();
        var session = id.Length == 0 ? null : sessions.Find(id);
        if ((id.Length == 0 ? SessionFaults.IdMissing : SessionFaults.Check(session, caller, logger)) is { } fault)
        {
            await RefuseAsync(http, caller, envelope, fault);
            return null;
        }

        session!.Admitted(caller);
        http.Response.Headers[McpHeaders.SessionId] = id;
        return session;
    }

    private async Task OpenSessionAsync(HttpContext http, Caller caller, IncomingMessage incoming)
    {
        if (await ParseAsync(http, caller, incoming) is not { } message)
        {
            return;
        }

        if (await sessions.OpenAsync(caller) is not { } session)
        {
            await RpcErrorResponse.WriteAsync(http, SessionFaults.Full, incoming.Envelope.Id);
            return;
        }

        await using var handshake = new SessionHandshake(session);
        if (await handshake.RunAsync(message, http.RequestAborted))
        {
            // Found from the moment the client can know the id; a failed handshake leaves neither id nor session behind.
            http.Response.Headers[McpHeaders.SessionId] = session.Id;
            sessions.Add(handshake.Keep());
        }

        await handshake.WriteAsync(http);
    }

    private async Task RefuseAsync(HttpContext http, Caller caller, RpcEnvelope envelope, RpcFault fault)
    {
        await calls.RefusedAsync(caller, envelope, fault.Code);
        await RpcErrorResponse.WriteAsync(http, fault, envelope.Id);
    }
}
