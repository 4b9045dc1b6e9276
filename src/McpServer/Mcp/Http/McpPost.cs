using System.Text.Json;
using AiPlatform.McpServer.Auth;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>One message of a client: checks it in the order clients rely on, then hands it to a session (older revisions) or to a server of its own (2026-07-28).</summary>
internal sealed class McpPost(
    CallerGate gate, LegacySessions sessions, McpServerFactory factory, DirectToolCall direct, StepUpGate stepUp, IOptions<McpHttpOptions> options, TimeProvider time, ILogger<McpPost> logger)
{
    private static readonly RpcFault NotJson = new(
        StatusCodes.Status415UnsupportedMediaType, RpcErrors.Refused, "content_type_not_json", "Send Content-Type: application/json.");

    private static readonly RpcFault TooLarge = new(
        StatusCodes.Status413PayloadTooLarge, RpcErrors.Refused, "body_too_large", "The request body is too large.");

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
            await RpcErrorResponse.WriteAsync(http, TooLarge);
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
        if (MessageGuard.Check(body.Span) is { } malformed)
        {
            await RpcErrorResponse.WriteAsync(http, Bad(RpcErrors.ParseError, malformed));
            return;
        }

        using var document = JsonDocument.Parse(body);
        if (!RpcEnvelope.TryRead(document.RootElement, out var envelope, out var problem))
        {
            await RpcErrorResponse.WriteAsync(http, Bad(RpcErrors.InvalidRequest, problem));
            return;
        }

        var version = VersionCheck.Header(http.Request.Headers);
        var fault = VersionCheck.Check(version, envelope)
            ?? (version == ProtocolVersions.Modern ? ModernRequestCheck.Check(envelope, http.Request.Headers) : null)
            ?? stepUp.Check(http, caller, envelope);
        if (fault is not null)
        {
            await RpcErrorResponse.WriteAsync(http, fault, envelope.Id);
            return;
        }

        if (options.Value.DirectToolCalls && direct.Fits(envelope))
        {
            await AnswerDirectlyAsync(http, caller, envelope, version == ProtocolVersions.Modern);
            return;
        }

        if (!TryParse(document.RootElement, out var message))
        {
            await RpcErrorResponse.WriteAsync(http, Bad(RpcErrors.InvalidRequest, "The message does not have the shape its method asks for."), envelope.Id);
            return;
        }

        message.Context = new JsonRpcMessageContext
        {
            User = caller.Principal,
            ProtocolVersion = version,
            Items = new Dictionary<string, object?>(1) { [Caller.ItemKey] = caller },
        };
        await (version == ProtocolVersions.Modern ? AnswerStatelessAsync(http, message) : AnswerInSessionAsync(http, caller, envelope, message));
    }

    private async Task AnswerDirectlyAsync(HttpContext http, Caller caller, RpcEnvelope envelope, bool modern)
    {
        if (modern)
        {
            await direct.AnswerAsync(http, caller, envelope, modern);
        }
        else if (await FindSessionAsync(http, caller, envelope) is { } session)
        {
            session.Enter(time.GetTimestamp());
            try
            {
                await direct.AnswerAsync(http, caller, envelope, modern);
            }
            finally
            {
                session.Leave(time.GetTimestamp());
            }
        }
    }

    private async Task AnswerStatelessAsync(HttpContext http, JsonRpcMessage message)
    {
        await using var transport = new StreamableHttpServerTransport { Stateless = true };
        await using var server = factory.Create(transport);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var run = server.RunAsync(ended.Token);
        await PostAsync(http, transport, message, statusFollowsError: true);
        await ended.CancelAsync();
        await transport.DisposeAsync();
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AnswerInSessionAsync(HttpContext http, Caller caller, RpcEnvelope envelope, JsonRpcMessage message)
    {
        if (envelope is { Kind: RpcMessageKind.Request, Method: "initialize" } && http.Request.Headers[McpHeaders.SessionId].Count == 0)
        {
            await OpenSessionAsync(http, caller, envelope, message);
        }
        else if (await FindSessionAsync(http, caller, envelope) is { } session)
        {
            session.Enter(time.GetTimestamp());
            try
            {
                await PostAsync(http, session.Transport, message, statusFollowsError: false);
            }
            finally
            {
                session.Leave(time.GetTimestamp());
            }
        }
    }

    /// <summary>The session the request names; null when the refusal has been written.</summary>
    private async ValueTask<LegacySession?> FindSessionAsync(HttpContext http, Caller caller, RpcEnvelope envelope)
    {
        var id = http.Request.Headers[McpHeaders.SessionId].ToString();
        var session = id.Length == 0 ? null : sessions.Find(id);
        if ((id.Length == 0 ? SessionFaults.IdMissing : SessionFaults.Check(session, caller, logger)) is { } fault)
        {
            await RpcErrorResponse.WriteAsync(http, fault, envelope.Id);
            return null;
        }

        http.Response.Headers[McpHeaders.SessionId] = id;
        return session;
    }

    private async Task OpenSessionAsync(HttpContext http, Caller caller, RpcEnvelope envelope, JsonRpcMessage message)
    {
        if (await sessions.OpenAsync(caller.Subject) is not { } session)
        {
            await RpcErrorResponse.WriteAsync(http, SessionFaults.Full, envelope.Id);
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

    private async Task PostAsync(HttpContext http, StreamableHttpServerTransport transport, JsonRpcMessage message, bool statusFollowsError)
    {
        await using var answer = new AnswerBody(http, statusFollowsError, time);
        var answered = await transport.HandlePostRequestAsync(message, answer, answer.OnFirstMessageAsync, http.RequestAborted);
        if (!answered && !answer.Started)
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
    }

    private static bool TryParse(JsonElement root, out JsonRpcMessage message)
    {
        try
        {
            message = root.Deserialize(McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>())!;
            return message is not null;
        }
        catch (JsonException)
        {
            message = null!;
            return false;
        }
    }

    private static RpcFault Bad(int rpcCode, string message) => new(StatusCodes.Status400BadRequest, rpcCode, "malformed_message", message);
}
