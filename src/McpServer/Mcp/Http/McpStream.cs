using AiPlatform.McpServer.Mcp.Http.Events;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>GET and DELETE of the endpoint: the stream of unsolicited messages of a session, the rest of a stream that was lost, and the session's end. Revisions without sessions have neither.</summary>
internal sealed class McpStream(CallerGate gate, LegacySessions sessions, TimeProvider time, ILogger<McpStream> logger)
{
    private static readonly RpcFault PostOnly = new(
        StatusCodes.Status405MethodNotAllowed, RpcErrors.Refused, "post_only", "This revision of the protocol uses POST only.");

    private static readonly RpcFault NotAcceptable = new(
        StatusCodes.Status406NotAcceptable, RpcErrors.Refused, "accept_missing", "Accept must list text/event-stream.");

    private static readonly RpcFault SecondStream = new(
        StatusCodes.Status400BadRequest, RpcErrors.Refused, "stream_already_open", "The session already has its stream.");

    public async Task OpenAsync(HttpContext http)
    {
        if (await FindAsync(http, events: true) is not { } session)
        {
            return;
        }

        var lastEventId = http.Request.Headers[McpHeaders.LastEventId].ToString();
        if (lastEventId.Length == 0)
        {
            await ListenAsync(http, session);
        }
        else if (await session.Events.GetStreamReaderAsync(lastEventId, http.RequestAborted) is { } reader)
        {
            await ReplayAsync(http, session, reader);
        }
        else
        {
            await RpcErrorResponse.WriteAsync(http, SessionFaults.EventUnknown);
        }
    }

    private async Task ListenAsync(HttpContext http, LegacySession session)
    {
        using var claim = session.Unsolicited.TryClaim();
        if (claim is null)
        {
            await RpcErrorResponse.WriteAsync(http, SecondStream);
            return;
        }

        await StreamAsync(http, session, claim, async (body, ended) =>
        {
            await body.FlushAsync(ended);
            session.Unsolicited.Begin(claim, body);
            await Task.Delay(Timeout.InfiniteTimeSpan, time, ended);
        });
    }

    private async Task ReplayAsync(HttpContext http, LegacySession session, ISseEventStreamReader reader)
    {
        using var claim = reader.StreamId == StreamableHttpServerTransport.UnsolicitedMessageStreamId ? await session.Unsolicited.TakeOverAsync() : new StreamClaim();
        await StreamAsync(http, session, claim, async (body, ended) =>
        {
            await body.FlushAsync(ended);
            await foreach (var item in reader.ReadEventsAsync(ended))
            {
                await body.WriteAsync(EventWire.Write(item), ended);
                await body.FlushAsync(ended);
            }
        });
    }

    private async Task StreamAsync(HttpContext http, LegacySession session, StreamClaim claim, Func<EventBody, CancellationToken, Task> write)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, session.Ended, claim.Relieved);
        session.Enter(time.GetTimestamp());
        try
        {
            await using var body = new EventBody(http.Response, time, ended.Token);
            await write(body, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client left, another GET took over or the session ended: that is how a stream ends.
        }
        finally
        {
            session.Unsolicited.Release(claim);
            session.Leave(time.GetTimestamp());
        }
    }

    public async Task EndAsync(HttpContext http)
    {
        if (await FindAsync(http, events: false) is { } session)
        {
            await sessions.EndAsync(session);
        }
    }

    /// <summary>The caller's session; null when the refusal has been written.</summary>
    private async ValueTask<LegacySession?> FindAsync(HttpContext http, bool events)
    {
        if (await gate.AdmitAsync(http) is not { } caller)
        {
            return null;
        }

        var id = http.Request.Headers[McpHeaders.SessionId].ToString();
        var session = id.Length == 0 ? null : sessions.Find(id);
        var version = VersionCheck.Header(http.Request.Headers);
        var fault = version == ProtocolVersions.Modern ? PostOnly
            : events && !MediaTypes.AcceptsEvents(http.Request.Headers.Accept) ? NotAcceptable
            : id.Length == 0 ? SessionFaults.IdMissing
            : SessionFaults.Check(session, caller, logger);
        if (fault is null)
        {
            session!.Admitted(caller);
            http.Response.Headers[McpHeaders.SessionId] = id;
            return session;
        }

        if (fault == PostOnly)
        {
            http.Response.Headers.Allow = "POST";
        }

        await RpcErrorResponse.WriteAsync(http, fault);
        return null;
    }
}
