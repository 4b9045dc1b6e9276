using System.Threading.Channels;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp.Http;
using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Mcp.Stdio;

/// <summary>Serves one client over a pair of streams, with the features and the rights of the HTTP endpoint.</summary>
internal sealed class StdioServer(McpServerFactory factory, KeyAuthentication authentication, IOptions<McpHttpOptions> options, ILogger<StdioServer> logger)
{
    /// <summary>How long answers under way may take once the input has ended.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(400);

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
        await using var transport = new StdioTransport(output);
        var server = factory.Create(transport);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var run = server.RunAsync(ended.Token);
        var intake = new StdioIntake(transport, credentials, authentication, logger);
        var end = await ReadAsync(new LineReader(input, options.Value.MaxBodyBytes), intake, transport, stop);
        if (end == StdioEnd.InputClosed)
        {
            await transport.CompleteAsync().WaitAsync(Grace, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await ended.CancelAsync();

        // A call that does not heed its cancellation must not hold the process.
        await Task.WhenAll(run, server.DisposeAsync().AsTask()).WaitAsync(Grace, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Log.StdioEnded(logger, end);
        return end;
    }

    private static async Task<StdioEnd> ReadAsync(LineReader lines, StdioIntake intake, StdioTransport transport, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                // A read of the console cannot be cancelled, only left behind.
                var reading = lines.ReadAsync(stop).AsTask();
                if (await Task.WhenAny(reading, transport.Closed).WaitAsync(stop) == transport.Closed)
                {
                    return await transport.Closed;
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
                : transport.Closed.IsCompleted ? await transport.Closed
                : StdioEnd.InputClosed;
        }
    }
}
