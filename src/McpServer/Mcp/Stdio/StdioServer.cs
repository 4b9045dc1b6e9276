using System.Threading.Channels;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp.Auditing;
using AiPlatform.McpServer.Mcp.Http;
using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Mcp.Stdio;

/// <summary>Serves one client over a pair of streams, with the features and the rights of the HTTP endpoint.</summary>
internal sealed class StdioServer(McpServerFactory factory, CallerAuthentication authentication, CallLog calls, IOptions<McpHttpOptions> options, ILogger<StdioServer> logger)
{
    /// <summary>How long answers under way may take once the input has ended.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    /// <summary>Why the credentials are refused before anything is served; null when they are good.</summary>
    public async Task<string?> RefusalAsync(StdioCredentials credentials, CancellationToken cancellationToken)
    {
        var outcome = await authentication.AuthenticateAsync(credentials.Headers, cancellationToken);
        return outcome.Caller is null ? $"{outcome.Code}: {outcome.Message}" : null;
    }

    /// <summary>Serves until the input ends, the key stops being valid, the output closes or <paramref name="stop"/> is cancelled.</summary>
    /// <param name="input">Messages of the client, one a line.</param>
    /// <param name="output">Messages to the client, one a line, and nothing else.</param>
    /// <param name="credentials">Who calls; looked at again for every message.</param>
    /// <param name="stop">Ends the serving.</param>
    public async Task<StdioEnd> RunAsync(Stream input, Stream output, StdioCredentials credentials, CancellationToken stop)
    {
        using var connection = new StdioConnection(output);
        StdioEnd end;
        await using (var modern = new StdioSession(factory, connection))
        {
            await using var legacy = new StdioSession(factory, connection);
            var intake = new StdioIntake(connection, modern.Transport, legacy.Transport, credentials, authentication, calls, logger);
            end = await ReadAsync(new LineReader(input, options.Value.MaxBodyBytes), intake, connection, stop);
            if (end == StdioEnd.InputClosed)
            {
                await connection.CompleteAsync().WaitAsync(Grace, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        Log.StdioEnded(logger, end);
        return end;
    }

    private static async Task<StdioEnd> ReadAsync(LineReader lines, StdioIntake intake, StdioConnection connection, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                // A read of the console cannot be cancelled, only left behind.
                var reading = lines.ReadAsync(stop).AsTask();
                if (await Task.WhenAny(reading, connection.Closed).WaitAsync(stop) == connection.Closed)
                {
                    return await connection.Closed;
                }

                if (await reading is not { } line)
                {
                    return StdioEnd.InputClosed;
                }

                if (!await intake.TakeAsync(line, stop))
                {
                    return StdioEnd.KeyRefused;
                }
            }
        }
        catch (Exception closed) when (closed is OperationCanceledException or IOException or ObjectDisposedException or ChannelClosedException)
        {
            return stop.IsCancellationRequested ? StdioEnd.Stopped
                : connection.Closed.IsCompleted ? await connection.Closed
                : StdioEnd.InputClosed;
        }
    }
}
