namespace AiPlatform.McpServer.Hosting;

/// <summary>
/// Keeps the framework from logging a failed start with a stack trace: the command line tells it in one message. From the moment the server
/// has started, both categories log as they are.
/// </summary>
internal sealed class StartLogging
{
    private volatile bool _started;

    public void AddTo(ILoggingBuilder logging)
    {
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => _started && level >= LogLevel.Information);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => _started ? level >= LogLevel.Warning : level == LogLevel.Warning);
    }

    public void Watch(IHostApplicationLifetime lifetime) => lifetime.ApplicationStarted.Register(() => _started = true);
}
