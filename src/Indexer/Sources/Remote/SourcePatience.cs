using System.Net.Sockets;
using System.Security.Cryptography;
using AiPlatform.Core.Resilience;

namespace AiPlatform.Indexer.Sources.Remote;

/// <summary>How long and how often a remote source is waited for. Thread-safe.</summary>
/// <param name="Display">The location, for messages.</param>
/// <param name="Retries">Tries behind a first one that failed.</param>
/// <param name="FirstPause">The pause behind the first failure; doubles.</param>
/// <param name="Idle">How long nothing may come.</param>
/// <param name="Time">The clock.</param>
internal sealed record SourcePatience(string Display, int Retries, TimeSpan FirstPause, TimeSpan Idle, TimeProvider Time)
{
    private const int Chances = 1_000;

    /// <summary>Makes a request until it succeeds, fails for good, or has failed too often for reasons that may pass.</summary>
    /// <exception cref="SourceException">It failed.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await WithinIdleAsync(request, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (IsTrouble(e, cancellationToken))
            {
                await PauseAsync(failures, e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Does one thing that must not take longer than <see cref="Idle"/>.</summary>
    public async Task<T> WithinIdleAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(Idle, Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        return await action(both.Token).ConfigureAwait(false);
    }

    /// <summary>Waits before the next try.</summary>
    /// <param name="failures">Failures in a row, this one included.</param>
    /// <param name="failure">What happened.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="SourceException">It has failed too often.</exception>
    public Task PauseAsync(int failures, Exception failure, CancellationToken cancellationToken)
    {
        if (failures > Retries)
        {
            var why = failure is OperationCanceledException ? $"nothing came for {Idle.TotalSeconds:0.#} s" : failure.InnerException is { } inner and not SocketException ? inner.Message : failure.Message;
            throw new SourceException("source_unreachable", $"{Display} failed {failures} times, at last: {why}. Check that it is up and reachable from here, then start again.", failure);
        }

        var chance = RandomNumberGenerator.GetInt32(Chances) / (double)Chances;
        return Task.Delay(RetryPause.After(failures, FirstPause, (failure as SourceTroubleException)?.RetryAfter, chance), Time, cancellationToken);
    }

    /// <summary>Whether a failure may pass: a connection that broke or was silent, or a server that says so.</summary>
    public static bool IsTrouble(Exception failure, CancellationToken cancellationToken) => failure switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        Storage.Outbound.InternalAddressException => false,
        HttpRequestException { InnerException: Storage.Outbound.InternalAddressException } => false,
        SourceTroubleException or HttpRequestException or IOException or SocketException => true,
        _ => false,
    };
}
