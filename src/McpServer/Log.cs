namespace AiPlatform.McpServer;

/// <summary>What the server logs, with stable event ids. Never a key, never a query text above debug level.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Session opened for {Subject}; {Sessions} open")]
    public static partial void SessionOpened(ILogger logger, string subject, int sessions);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "Session ended for {Subject}; {Sessions} open")]
    public static partial void SessionEnded(ILogger logger, string subject, int sessions);

    [LoggerMessage(EventId = 1201, Level = LogLevel.Warning, Message = "The search engine did not answer ({Code}), reference {Reference}: {Reason}")]
    public static partial void EngineFailed(ILogger logger, string code, string reason, string reference);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Error, Message = "Tool {Tool} failed for {Subject}, reference {Reference}")]
    public static partial void ToolFailed(ILogger logger, Exception exception, string tool, string subject, string reference);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Information, Message = "Request refused: {Code}")]
    public static partial void RequestRefused(ILogger logger, string code);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Warning, Message = "Session of another subject asked for by {Subject}")]
    public static partial void ForeignSession(ILogger logger, string subject);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Error, Message = "Request failed, reference {Reference}")]
    public static partial void RequestFailed(ILogger logger, Exception exception, string reference);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Warning, Message = "Health: {Part} does not answer: {Problem}")]
    public static partial void PartDown(ILogger logger, string part, string problem);

    [LoggerMessage(EventId = 1100, Level = LogLevel.Information, Message = "Access token refused: {Fault}")]
    public static partial void TokenRefused(ILogger logger, Auth.OAuth.TokenFault fault);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Information, Message = "Keys of the issuer {Issuer} loaded: {Keys} usable")]
    public static partial void IssuerKeysLoaded(ILogger logger, string issuer, int keys);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "Keys of the issuer {Issuer} could not be fetched: {Problem}")]
    public static partial void IssuerKeysFailed(ILogger logger, string issuer, string problem);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Information, Message = "Scope missing for {Method} by {Subject}: {Scopes} needed")]
    public static partial void ScopeInsufficient(ILogger logger, string method, string subject, string scopes);

    [LoggerMessage(EventId = 1010, Level = LogLevel.Information, Message = "Indexing the sample catalog from {Source}")]
    public static partial void SampleIndexing(ILogger logger, string source);

    [LoggerMessage(EventId = 1011, Level = LogLevel.Information, Message = "Sample catalog indexed: {Products} products")]
    public static partial void SampleIndexed(ILogger logger, int products);

    [LoggerMessage(EventId = 1012, Level = LogLevel.Warning, Message = "No sample catalog found at {Source}: the server starts without one")]
    public static partial void SampleMissing(ILogger logger, string source);

    [LoggerMessage(EventId = 1170, Level = LogLevel.Error, Message = "{Method} failed, reference {Reference}")]
    public static partial void McpRequestFailed(ILogger logger, Exception exception, string method, string reference);

    [LoggerMessage(EventId = 1200, Level = LogLevel.Error, Message = "{Route} failed, reference {Reference}")]
    public static partial void RestRequestFailed(ILogger logger, Exception exception, string route, string reference);

    [LoggerMessage(EventId = 1171, Level = LogLevel.Error, Message = "A look for changes failed; the next one is made all the same")]
    public static partial void LookFailed(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 1172, Level = LogLevel.Information, Message = "A session or stream of {Subject} ended: its key or token is no longer valid")]
    public static partial void CallerEnded(ILogger logger, string subject);

    [LoggerMessage(EventId = 1173, Level = LogLevel.Error, Message = "Whether {Subject} may go on could not be found out; it is tried again")]
    public static partial void CallerCheckFailed(ILogger logger, Exception exception, string subject);

    [LoggerMessage(EventId = 1174, Level = LogLevel.Error, Message = "What {Subject} sees could not be noted at the begin of its session; the next look does it")]
    public static partial void SessionNotNoted(ILogger logger, Exception exception, string subject);

    [LoggerMessage(EventId = 1190, Level = LogLevel.Information, Message = "Serving over standard input and output has ended: {End}")]
    public static partial void StdioEnded(ILogger logger, Mcp.Stdio.StdioEnd end);

    [LoggerMessage(EventId = 1191, Level = LogLevel.Information, Message = "The sample catalog is being indexed by another process")]
    public static partial void SampleBusy(ILogger logger);

    [LoggerMessage(EventId = 1150, Level = LogLevel.Error, Message = "A session of {Subject} could not be looked after")]
    public static partial void SessionSweepFailed(ILogger logger, Exception exception, string subject);
}
