using AiPlatform.McpServer.Auth;

namespace AiPlatform.McpServer.Mcp;

/// <summary>
/// The one place that asks whether the callers behind open sessions and streams may still go on. Each is asked for every <see cref="Interval"/>, at
/// most <see cref="MaxPerRound"/> a second of all together: what does not fit in comes first in the next round, so that nobody is left out, however
/// many there are. Thread-safe.
/// </summary>
internal sealed class CallerWatch : IAsyncDisposable
{
    /// <summary>The most callers asked for in a round; there is a round every second.</summary>
    public const int MaxPerRound = 500;

    /// <summary>How long a caller is not asked for again.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const int Workers = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // In the order in which they are due.
    private readonly Queue<(StandingCaller Caller, long Since)> _waiting = new();
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _round = new(1, 1);
    private readonly CancellationTokenSource _stopped = new();
    private readonly TimeProvider _time;
    private readonly ILogger<CallerWatch> _logger;
    private readonly ITimer _timer;
    private int _left;
    private bool _failed;

    public CallerWatch(TimeProvider time, ILogger<CallerWatch> logger)
    {
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => _ = TickAsync(), null, Pause, Pause);
    }

    /// <summary>Callers that are waiting to be asked for.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Watches a caller until what is returned is disposed.</summary>
    /// <param name="caller">Who opened the session or stream.</param>
    /// <param name="ended">Called once, when the caller may not go on. Must not wait.</param>
    public StandingCaller Open(Caller caller, Action ended)
    {
        var standing = new StandingCaller(caller, ended, _logger);
        if (caller.Renewal is not null)
        {
            Enqueue(standing);
        }

        return standing;
    }

    /// <summary>Asks for those that are due. The timer does it by itself.</summary>
    public async Task RoundAsync()
    {
        await _round.WaitAsync(_stopped.Token);
        try
        {
            using var patience = new CancellationTokenSource(Patience, _time);
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token, patience.Token);
            (_left, _failed) = (MaxPerRound, false);
            await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(giveUp.Token)));
        }
        finally
        {
            _round.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _stopped.CancelAsync();
        await _round.WaitAsync(CancellationToken.None);
        _round.Dispose();
        _stopped.Dispose();
    }

    private async Task TickAsync()
    {
        // A round that takes longer than the pause is not overtaken.
        if (_stopped.IsCancellationRequested || _round.CurrentCount == 0)
        {
            return;
        }

        try
        {
            await RoundAsync();
        }
        catch (Exception stopping) when (stopping is OperationCanceledException or ObjectDisposedException)
        {
            // The server stops.
        }
    }

    private async Task WorkAsync(CancellationToken giveUp)
    {
        while (!giveUp.IsCancellationRequested && TakeDue() is { } standing)
        {
            try
            {
                await standing.RenewAsync(giveUp);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // The boundary of one caller's turn: who cannot be asked for now goes on, and is asked for again.
                NoteFailure(failure, standing.Current.Subject);
            }

            if (!standing.IsOver)
            {
                Enqueue(standing);
            }
        }
    }

    private StandingCaller? TakeDue()
    {
        lock (_lock)
        {
            while (_waiting.TryPeek(out var first) && (first.Caller.IsOver || (_left > 0 && _time.GetElapsedTime(first.Since) >= Interval)))
            {
                _waiting.Dequeue();
                if (!first.Caller.IsOver)
                {
                    _left--;
                    return first.Caller;
                }
            }

            return null;
        }
    }

    private void Enqueue(StandingCaller standing)
    {
        lock (_lock)
        {
            _waiting.Enqueue((standing, _time.GetTimestamp()));
        }
    }

    /// <summary>Logs the first failure of a round: what keeps one from being asked for usually keeps all.</summary>
    private void NoteFailure(Exception failure, string subject)
    {
        lock (_lock)
        {
            if (_failed || _stopped.IsCancellationRequested)
            {
                return;
            }

            _failed = true;
        }

        Log.CallerCheckFailed(_logger, failure, subject);
    }
}
