using AiPlatform.McpServer.Auth;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>What can be wrong with the session a request names.</summary>
internal static class SessionFaults
{
    public static readonly RpcFault IdMissing = new(
        StatusCodes.Status400BadRequest, RpcErrors.Refused, "session_id_missing", $"Send initialize first and then the {McpHeaders.SessionId} header it answered with, or speak revision {ProtocolVersions.Modern}.");

    public static readonly RpcFault Full = new(
        StatusCodes.Status503ServiceUnavailable, RpcErrors.Refused, "too_many_sessions", "All sessions are busy, or all that one caller may hold. End some, try again later, or speak a revision without sessions.");

    public static readonly RpcFault Busy = new(
        StatusCodes.Status429TooManyRequests, RpcErrors.Refused, "too_many_calls", "The session has too many requests running. Wait for some of them, or cancel them.");

    public static readonly RpcFault EventUnknown = new(
        StatusCodes.Status400BadRequest, RpcErrors.Refused, "event_unknown", "The Last-Event-ID names no event of this session that can be read on from. Leave it out, and repeat the request whose answer is missing.");

    public static readonly RpcFault Unknown = new(
        StatusCodes.Status404NotFound, RpcErrors.SessionNotFound, "session_not_found", "The session has ended. Send initialize to open another.");

    private static readonly RpcFault Foreign = new(
        StatusCodes.Status403Forbidden, RpcErrors.Refused, "session_not_yours", "The session belongs to another caller: it is used with the key, or by the person, that opened it. Send initialize to open your own.");

    /// <summary>Null when the caller may use the session.</summary>
    public static RpcFault? Check(LegacySession? session, Caller caller, ILogger logger)
    {
        if (session is null)
        {
            return Unknown;
        }

        if (string.Equals(session.Subject, caller.Subject, StringComparison.Ordinal))
        {
            return null;
        }

        Log.ForeignSession(logger, caller.Subject);
        return Foreign;
    }
}
