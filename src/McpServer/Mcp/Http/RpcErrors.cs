namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>JSON-RPC error codes the HTTP layer answers with.</summary>
internal static class RpcErrors
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;
    public const int InternalError = -32603;

    /// <summary>Refused before the message was looked at, or no session.</summary>
    public const int Refused = -32000;
    public const int SessionNotFound = -32001;
    public const int HeaderMismatch = -32020;
    public const int MissingCapability = -32021;
    public const int UnsupportedVersion = -32022;

    /// <summary>The HTTP status that goes with an error in the stateless revision, where the first message decides it.</summary>
    public static int StatusOf(int code) => code switch
    {
        MethodNotFound => StatusCodes.Status404NotFound,
        HeaderMismatch or MissingCapability or UnsupportedVersion => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status200OK,
    };
}
