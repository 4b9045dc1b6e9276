using System.Collections.Concurrent;
using System.Security.Cryptography;
using AiPlatform.McpServer.Mcp.Http.Events;
using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>The sessions of older clients: bounded in all and for each caller, ended when idle, the longest idle going first. Thread-safe.</summary>
internal sealed class LegacySessions : IAsyncDisposable
{
    private const int IdBytes = 16;

    private readonly ConcurrentDictionary<string, LegacySession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _bySubject = new(StringComparer.Ordinal);
    private readonly McpServerFactory _factory;
    private readonly EventMemory _memory;
    private readonly McpHttpOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<LegacySessions> _logger;
    private readonly ITimer _sweep;

    public LegacySessions(McpServerFactory factory, EventMemory memory, IOptions<McpHttpOptions> options, TimeProvider time, ILogger<LegacySessions> logger)
    {
        _factory = factory;
        _memory = memory;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _sweep = time.CreateTimer(static state => _ = ((LegacySessions)state!).EndIdleAsync(), this, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
    }

    public int Count => _sessions.Count;

    /// <summary>Opens a session that is not found by its id before <see cref="Add"/>; null when all places, or all of the caller's, are taken by busy sessions.</summary>
    public async ValueTask<LegacySession?> OpenAsync(string subject)
    {
        if (OpenOf(subject) >= _options.MaxSessionsPerCaller)
        {
            await EndLongestIdleAsync(s => s.Subject == subject, 1);
        }

        if (_sessions.Count >= _options.MaxSessions)
        {
            // One pass over all sessions makes room for many.
            await EndLongestIdleAsync(_ => true, Math.Max(1, _options.MaxSessions / 100));
        }

        if (_sessions.Count >= _options.MaxSessions || OpenOf(subject) >= _options.MaxSessionsPerCaller)
        {
            return null;
        }

        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        return new LegacySession(id, subject, new SessionEvents(_memory), _factory, _time.GetTimestamp());
    }

    /// <summary>Makes the session findable, once its handshake has succeeded.</summary>
    public void Add(LegacySession session)
    {
        _bySubject.AddOrUpdate(session.Subject, 1, static (_, open) => open + 1);
        _sessions[session.Id] = session;
        Log.SessionOpened(_logger, session.Subject, _sessions.Count);
    }

    public LegacySession? Find(string id) => _sessions.GetValueOrDefault(id);

    public async ValueTask EndAsync(LegacySession session)
    {
        if (_sessions.TryRemove(session.Id, out _))
        {
            if (_bySubject.AddOrUpdate(session.Subject, 0, static (_, open) => open - 1) == 0)
            {
                _bySubject.TryRemove(KeyValuePair.Create(session.Subject, 0));
            }

            Log.SessionEnded(_logger, session.Subject, _sessions.Count);
        }

        await session.DisposeAsync();
    }

    /// <summary>Ends the sessions that have been idle too long. Runs every minute.</summary>
    public async Task EndIdleAsync()
    {
        var idle = TimeSpan.FromMinutes(_options.SessionIdleTimeoutMinutes);
        foreach (var (_, session) in _sessions)
        {
            if (session.Active == 0 && _time.GetElapsedTime(session.LastUsed) > idle)
            {
                await EndAsync(session);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        foreach (var (_, session) in _sessions)
        {
            await EndAsync(session);
        }
    }

    private int OpenOf(string subject) => _bySubject.GetValueOrDefault(subject);

    private async ValueTask EndLongestIdleAsync(Func<LegacySession, bool> which, int count)
    {
        var idle = _sessions.Values.Where(s => s.Active == 0 && which(s)).OrderBy(s => s.LastUsed).Take(count).ToList();
        foreach (var session in idle)
        {
            await EndAsync(session);
        }
    }
}
