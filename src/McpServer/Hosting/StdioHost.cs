using AiPlatform.McpServer.Connect;
using AiPlatform.McpServer.Mcp.Stdio;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Logging.Console;

namespace AiPlatform.McpServer.Hosting;

/// <summary>The server without a port: one client, over standard input and output.</summary>
internal static class StdioHost
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromMilliseconds(500);

    /// <summary>Settings of the host: nothing listens, and the log goes to the standard error.</summary>
    public static void Configure(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IServer, NoListener>();
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopPatience);
    }

    /// <summary>Serves until the client is done. Answers whether it ended as it should.</summary>
    /// <param name="app">What <see cref="Configure"/> was used for.</param>
    /// <param name="credentials">Who calls; null when no key was given.</param>
    /// <param name="error">Takes what a person should read.</param>
    /// <param name="cancellationToken">Ends the serving, in good order.</param>
    public static async Task<bool> RunAsync(WebApplication app, StdioCredentials? credentials, TextWriter error, CancellationToken cancellationToken)
    {
        await using var output = StandardStreams.TakeOutput();
        var server = app.Services.GetRequiredService<StdioServer>();
        if (await RefusalAsync(server, credentials, cancellationToken) is { } refusal)
        {
            await error.WriteLineAsync(refusal);
            await ExplainKeysAsync(app, error, cancellationToken);
            return false;
        }

        await app.StartAsync(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, app.Lifetime.ApplicationStopping);
        var end = await server.RunAsync(StandardStreams.OpenInput(), output, credentials!, stop.Token);
        await app.StopAsync(CancellationToken.None);
        return end is StdioEnd.InputClosed or StdioEnd.Stopped;
    }

    private static async Task<string?> RefusalAsync(StdioServer server, StdioCredentials? credentials, CancellationToken cancellationToken) =>
        credentials is null
            ? $"api_key_missing: Give an API key in the variable {StdioCredentials.KeyVariable}, or with --key."
            : await server.RefusalAsync(credentials, cancellationToken);

    /// <summary>At the first start in development nobody has a key yet: makes and prints them, for the next start.</summary>
    private static async Task ExplainKeysAsync(WebApplication app, TextWriter error, CancellationToken cancellationToken)
    {
        if (app.Environment.IsDevelopment() && await app.Services.GetRequiredService<DemoKeys>().CreateAsync(Connection.By(StdioLaunch.Of(app.Configuration, app.Environment)), cancellationToken) is { } text)
        {
            await error.WriteLineAsync(text);
        }
    }
}
