using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.OpenSearch;

/// <summary>Log messages of the OpenSearch engine. Event ids 2100 to 2199: transport from 2100, writing from 2120, reading from 2160.</summary>
internal static partial class Log
{
    [LoggerMessage(2100, LogLevel.Warning, "OpenSearch node {Node} is left alone for a while: {Reason}")]
    public static partial void NodeLost(ILogger logger, string node, string reason);

    [LoggerMessage(2101, LogLevel.Information, "OpenSearch node {Node} answers again")]
    public static partial void NodeBack(ILogger logger, string node);

    [LoggerMessage(2102, LogLevel.Debug, "OpenSearch request {Method} {Path} is sent again after {Code}")]
    public static partial void RequestRepeated(ILogger logger, string method, string path, string code);

    [LoggerMessage(2103, LogLevel.Information, "OpenSearch {Version} found, vectors supported: {Vectors}")]
    public static partial void ServerFound(ILogger logger, Version version, bool vectors);
}
