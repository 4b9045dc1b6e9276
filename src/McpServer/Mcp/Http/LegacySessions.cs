using System.Collections.Concurrent;
using System.Security.Cryptography;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp.Http.Events;
using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>The sessions of older clients: bounded in all and for each caller, ended when idle, the longest idle going first. Thread-safe.</summary>
internal sealed class LegacySessions : IAsyncDisposable
{
    private const int IdBytes = 16;

    // For the end of one session in a sweep.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, LegacySession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _bySubject = new(StringComparer.Ordinal);
    private readonly McpServerFactory _factory;
    private readonly EventMemory _memory;
    private readonly CallerWatch _watch;
    private readonly McpHttpOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<LegacySessions> _logger;
    private readonly ITimer _sweep;
    private int _taken;
    private int _sweeping;

    public LegacySessions(McpServerFactory factory, EventMemory memory, CallerWatch watch, IOptions<McpHttpOptions> options, TimeProvider time, ILogger<LegacySessions> logger)
    {
        _factory = factory;
        _memory = memory;
        _watch = watch;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _sweep = time.CreateTimer(static state => _ = ((LegacySessions)state!).SweepAsync(), this, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
    }

    public int Count => _sessions.Count;

    /// <summary>The sessions that are open now.</summary>
    public ICollection<LegacySession> All => _sessions.Values;

    /// <summary>Opens a session that is not found by its id before <see cref="Add"/>; null when all places, or all of the caller's, are taken by busy sessions.</summary>
    public async ValueTask<LegacySession?> OpenAsync(Caller caller)
    {
        // The place is taken first and given back with the session, so that many at once cannot share the last one.
        var all = Interlocked.Increment(ref _taken);
        var own = _bySubject.AddOrUpdate(caller.Subject, 1, static (_, open) => open + 1);
        if ((own > _options.MaxSessionsPerCaller && !await EndLongestIdleAsync(s => s.Subject == caller.Subject, 1))
            || (all > _options.MaxSessions && !await EndLongestIdleAsync(_ => true, Math.Max(1, _options.MaxSessions / 100))))
        {
            GiveBack(caller.Subject);
            return null;
        }

        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        return new LegacySession(id, caller, new SessionEvents(_memory), _factory, _watch, _time.GetTimestamp(), () => GiveBack(caller.Subject));
    }

    /// <summary>Makes the session findable, once its handshake has succeeded.</summary>
    public void Add(LegacySession session)
    {
        _sessions[session.Id] = session;
        Log.SessionOpened(_logger, session.Subject, _sessions.Count);
        _ = EndWithConnectionAsync(session);
    }

    public LegacySession? Find(string id) => _sessions.GetValueOrDefault(id);

    /// <summary>Ends a session.</summary>
    /// <returns>False when it had ended already.</returns>
    public async ValueTask<bool> EndAsync(LegacySession session)
    {
        var ended = _sessions.TryRemove(session.Id, out _);
        if (ended)
        {
            Log.SessionEnded(_logger, session.Subject, _sessions.Count);
        }

        await session.DisposeAsync();
        return ended;
    }

    /// <summary>Ends the sessions that have been idle too long. Runs every minute; while one runs, another does nothing.</summary>
    public async Task SweepAsync()
    {
        if (Interlocked.Exchange(ref _sweeping, 1) != 0)
        {
            return;
        }

        var idle = TimeSpan.FromMinutes(_options.SessionIdleTimeoutMinutes);
        foreach (var (_, session) in _sessions)
        {
            try
            {
                if (session.Active == 0 && _time.GetElapsedTime(session.LastUsed) > idle)
                {
                    await EndAsync(session).AsTask().WaitAsync(Patience, _time);
                }
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // The boundary of one session's turn: whatever stops it must not keep the others from theirs. It is found no more, and ends in its own time.
                Log.SessionSweepFailed(_logger, failure, session.Subject);
            }
        }

        Volatile.Write(ref _sweeping, 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        foreach (var (_, session) in _sessions)
        {
            await EndAsync(session);
        }
    }

    /// <summary>A connection that was closed from within takes its session along.</summary>
    private async Task EndWithConnectionAsync(LegacySession session)
    {
        await session.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await EndAsync(session);
    }

    private void GiveBack(string subject)
    {
        Interlocked.Decrement(ref _taken);
        if (_bySubject.AddOrUpdate(subject, 0, static (_, open) => open - 1) == 0)
        {
            _bySubject.TryRemove(KeyValuePair.Create(subject, 0));
        }
    }

    /// <summary>Ends up to <paramref name="count"/> idle sessions, the longest idle first; false when there was none.</summary>
    private async ValueTask<bool> EndLongestIdleAsync(Func<LegacySession, bool> which, int count)
    {
        var ended = 0;
        foreach (var session in _sessions.Values.Where(s => s.Active == 0 && which(s)).OrderBy(s => s.LastUsed).ToList())
        {
            if (ended < count && await EndAsync(session))
            {
                ended++;
            }
        }

        return ended > 0;
    }
}
