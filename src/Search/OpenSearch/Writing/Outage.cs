using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>Waits for a cluster that is away, restarting or overloaded, and says so, instead of giving up a build that took an hour.</summary>
internal sealed class Outage(OpenSearchOptions options, TimeProvider time, ILogger logger)
{
    private const int FirstDelayMilliseconds = 100;
    private const int LastDelayMilliseconds = 5_000;

    /// <summary>Does the work, again and again while it fails for a reason that passes. The work must bear being done twice.</summary>
    /// <param name="what">What it is, for the log.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="OpenSearchException">It failed for another reason, or the outage lasted longer than <see cref="OpenSearchOptions.OutageSeconds"/>.</exception>
    public async ValueTask<T> RideOutAsync<T>(string what, Func<CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        var began = 0L;
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var result = await work(cancellationToken).ConfigureAwait(false);
                if (attempt > 0)
                {
                    Log.OutageOver(logger, what, time.GetElapsedTime(began).TotalSeconds);
                }

                return result;
            }
            catch (OpenSearchException e) when (e.IsTransient || e.Code == OpenSearchErrors.Blocked)
            {
                began = attempt == 0 ? time.GetTimestamp() : began;
                await WaitAsync(what, attempt, began, e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The same for work without a result.</summary>
    public async ValueTask RideOutAsync(string what, Func<CancellationToken, ValueTask> work, CancellationToken cancellationToken) =>
        await RideOutAsync(what, async token =>
        {
            await work(token).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);

    /// <summary>Waits before the next attempt.</summary>
    /// <param name="what">What it is, for the log.</param>
    /// <param name="attempt">Attempts before this one, 0 after the first.</param>
    /// <param name="began">Timestamp of the first failure.</param>
    /// <param name="failure">The failure.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="OpenSearchException">It lasted too long.</exception>
    public async ValueTask WaitAsync(string what, int attempt, long began, OpenSearchException failure, CancellationToken cancellationToken)
    {
        var waited = time.GetElapsedTime(began);
        if (waited.TotalSeconds >= options.OutageSeconds)
        {
            throw new OpenSearchException(failure.Code, FormattableString.Invariant($"Gave up {what} after waiting {waited.TotalSeconds:0} s for OpenSearch (OpenSearch:OutageSeconds); the live index is untouched. {failure.Message}"), failure)
            {
                Status = failure.Status,
                Type = failure.Type,
                Reason = failure.Reason,
                Index = failure.Index,
            };
        }

        if (attempt is 0 or 5 || attempt % 20 == 0)
        {
            Log.WaitingForCluster(logger, what, waited.TotalSeconds, options.OutageSeconds, failure.Message);
        }

        var most = Math.Min(LastDelayMilliseconds, FirstDelayMilliseconds << Math.Min(attempt, 10));
        var chance = System.Security.Cryptography.RandomNumberGenerator.GetInt32((most / 2) + 1);
        await Task.Delay(TimeSpan.FromMilliseconds((most / 2) + chance), time, cancellationToken).ConfigureAwait(false);
    }
}
