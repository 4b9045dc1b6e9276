namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>
/// The keys of one issuer, kept as long as it says (5 minutes to 24 hours, an hour unless it says). An unknown key id asks again, at most once in
/// <see cref="UnknownIdInterval"/>, whoever sends how many. While the issuer is down the last good keys go on for <see cref="Grace"/>. One fetch at a
/// time; thread-safe.
/// </summary>
internal sealed class JwksCache(string issuer, IssuerKeys source, TimeProvider time, ILogger<JwksCache> logger) : IDisposable
{
    /// <summary>Between two fetches for the sake of an unknown key id.</summary>
    public static readonly TimeSpan UnknownIdInterval = TimeSpan.FromSeconds(30);

    /// <summary>Between two attempts while the issuer does not answer.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    /// <summary>How long keys that should be renewed go on while they cannot be.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private static readonly TimeSpan Least = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Usual = TimeSpan.FromHours(1);
    private static readonly TimeSpan Most = TimeSpan.FromHours(24);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopped = new();
    private volatile Snapshot? _snapshot;
    private DateTimeOffset _lastAttempt = DateTimeOffset.MinValue;
    private bool _lastFailed;
    private Task? _running;

    /// <summary>Whether a key set is still the one in use: what was verified by another is verified again.</summary>
    public bool IsCurrent(SigningKeySet keys) => _snapshot is { } now && ReferenceEquals(now.Keys, keys) && time.GetUtcNow() < now.FreshUntil;

    /// <summary>The key and the set it is from. The key is null when the issuer has none of that id; the set is null when no keys could be had.</summary>
    public async ValueTask<(SigningKey? Key, SigningKeySet? Keys)> FindAsync(string id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var usable = Usable(now);
        if (usable is null || now >= usable.FreshUntil)
        {
            // With the last good keys at hand nobody waits for an issuer that did not answer before.
            var (refresh, failed) = Refresh(now, RetryInterval);
            if (refresh is not null && !(usable is not null && failed))
            {
                await refresh.WaitAsync(cancellationToken);
            }

            usable = Usable(now);
        }

        if (usable is not null && usable.Keys.Find(id) is null && Refresh(now, UnknownIdInterval).Running is { } again)
        {
            await again.WaitAsync(cancellationToken);
            usable = Usable(now);
        }

        return (usable?.Keys.Find(id), usable?.Keys);
    }

    public void Dispose()
    {
        _stopped.Cancel();
        _stopped.Dispose();
    }

    private Snapshot? Usable(DateTimeOffset now) => _snapshot is { } snapshot && now < snapshot.FreshUntil + Grace ? snapshot : null;

    /// <summary>The fetch that runs, begun here when the last one is long enough ago; and whether the last one failed.</summary>
    private (Task? Running, bool LastFailed) Refresh(DateTimeOffset now, TimeSpan interval)
    {
        lock (_lock)
        {
            if (_running is null && now - _lastAttempt >= interval)
            {
                _lastAttempt = now;
                // Its own task: a caller that leaves must not end the fetch that others wait for.
                _running = Task.Run(() => FetchAsync(now));
            }

            return (_running, _lastFailed);
        }
    }

    private async Task FetchAsync(DateTimeOffset now)
    {
        var failed = true;
        try
        {
            var (keys, maxAge) = await source.FetchAsync(_stopped.Token);
            var age = maxAge is { } said ? TimeSpan.FromTicks(Math.Clamp(said.Ticks, Least.Ticks, Most.Ticks)) : Usual;
            _snapshot = new Snapshot(keys, now + age);
            failed = false;
            Log.IssuerKeysLoaded(logger, issuer, keys.Count);
        }
        catch (KeyFetchException failure)
        {
            Log.IssuerKeysFailed(logger, issuer, failure.Message);
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException)
        {
            // The server stops: whoever still waits finds no keys.
        }
        catch (Exception unforeseen)
        {
            // The end of a job: whoever waits for it has shown no good token yet and must not see it fail, and the next attempt comes by itself.
            Log.IssuerKeysFailed(logger, issuer, $"{unforeseen.GetType().Name}: {unforeseen.Message}");
        }
        finally
        {
            lock (_lock)
            {
                _lastFailed = failed;
                _running = null;
            }
        }
    }

    private sealed record Snapshot(SigningKeySet Keys, DateTimeOffset FreshUntil);
}
