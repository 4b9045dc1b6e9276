namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>GET and DELETE of the endpoint: the stream of unsolicited messages of a session, and its end. Revisions without sessions have neither.</summary>
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

        if (!session.TryOpenStream())
        {
            await RpcErrorResponse.WriteAsync(http, SecondStream);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, session.Ended);
        session.Enter(time.GetTimestamp());
        try
        {
            EventStreamHeaders.Write(http.Response);
            await http.Response.Body.FlushAsync(ended.Token);
            await session.Transport.HandleGetRequestAsync(http.Response.Body, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client left or the session ended: that is how this stream ends.
        }
        finally
        {
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
