using AiPlatform.McpServer.Auth;

namespace AiPlatform.McpServer.Mcp;

/// <summary>
/// Who is behind a session or stream that outlives a request, with the rights of its latest request. One made by <see cref="CallerWatch"/> is asked
/// for again and again until it may not go on or is disposed. Thread-safe.
/// </summary>
internal sealed class StandingCaller : IDisposable
{
    private readonly Action _ended;
    private readonly ILogger _logger;
    private Caller _current;
    private int _over;

    /// <param name="caller">Who opened it.</param>
    /// <param name="ended">Called once, when the caller may not go on. Must not wait.</param>
    /// <param name="logger">Told when the caller may not go on.</param>
    public StandingCaller(Caller caller, Action ended, ILogger logger)
    {
        _current = caller;
        _ended = ended;
        _logger = logger;
    }

    /// <summary>The caller of the latest request, with the rights it had when it was last asked for.</summary>
    public Caller Current => Volatile.Read(ref _current);

    /// <summary>Whether the caller may not go on, or the session or stream has ended.</summary>
    public bool IsOver => Volatile.Read(ref _over) != 0;

    /// <summary>Takes over the caller of a request that was admitted: its rights count from now on, be they wider or narrower, and so does the end of its token.</summary>
    /// <exception cref="ArgumentException">It is somebody else.</exception>
    public void Admitted(Caller caller)
    {
        if (!string.Equals(caller.Subject, Current.Subject, StringComparison.Ordinal))
        {
            throw new ArgumentException("A session or stream never changes hands.", nameof(caller));
        }

        Volatile.Write(ref _current, caller);
    }

    /// <summary>The caller with the rights it has now. Null when it may not go on: then it has been told to end.</summary>
    public async ValueTask<Caller?> RenewAsync(CancellationToken cancellationToken)
    {
        var asked = Current;
        var renewed = asked.Renewal is { } renewal ? await renewal.RenewAsync(cancellationToken) : asked;
        var latest = Interlocked.CompareExchange(ref _current, renewed ?? asked, asked);
        if (!ReferenceEquals(latest, asked))
        {
            // A request came in between: its caller was authenticated later than the one asked for.
            return latest;
        }

        if (renewed is null)
        {
            End();
        }

        return renewed;
    }

    /// <summary>The session or stream has ended: nobody is asked for any more.</summary>
    public void Dispose() => Interlocked.Exchange(ref _over, 1);

    private void End()
    {
        if (Interlocked.Exchange(ref _over, 1) == 0)
        {
            Log.CallerEnded(_logger, Current.Subject);
            _ended();
        }
    }
}
