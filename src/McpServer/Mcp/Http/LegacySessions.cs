using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>The sessions of older clients: bounded, ended when idle, the longest idle going first. Thread-safe.</summary>
internal sealed class LegacySessions : IAsyncDisposable
{
    private const int IdBytes = 16;

    private readonly ConcurrentDictionary<string, LegacySession> _sessions = new(StringComparer.Ordinal);
    private readonly McpServerFactory _factory;
    private readonly TimeProvider _time;
    private readonly ILogger<LegacySessions> _logger;
    private readonly ITimer _sweep;
    private readonly TimeSpan _idle;
    private readonly int _max;

    public LegacySessions(McpServerFactory factory, IOptions<McpHttpOptions> options, TimeProvider time, ILogger<LegacySessions> logger)
    {
        _factory = factory;
        _time = time;
        _logger = logger;
        _idle = TimeSpan.FromMinutes(options.Value.SessionIdleTimeoutMinutes);
        _max = options.Value.MaxSessions;
        _sweep = time.CreateTimer(static state => _ = ((LegacySessions)state!).EndIdleAsync(), this, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
    }

    public int Count => _sessions.Count;

    /// <summary>Opens a session that is not found by its id before <see cref="Add"/>; null when all places are taken by busy sessions.</summary>
    public async ValueTask<LegacySession?> OpenAsync(string subject)
    {
        if (_sessions.Count >= _max)
        {
            await MakeRoomAsync(subject);
            if (_sessions.Count >= _max)
            {
                return null;
            }
        }

        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
        var transport = new StreamableHttpServerTransport { SessionId = id };
        return new LegacySession(id, subject, transport, _factory.Create(transport), _time.GetTimestamp());
    }

    /// <summary>Makes the session findable, once its handshake has succeeded.</summary>
    public void Add(LegacySession session)
    {
        _sessions[session.Id] = session;
        Log.SessionOpened(_logger, session.Subject, _sessions.Count);
    }

    public LegacySession? Find(string id) => _sessions.GetValueOrDefault(id);

    public async ValueTask EndAsync(LegacySession session)
    {
        if (_sessions.TryRemove(session.Id, out _))
        {
            Log.SessionEnded(_logger, session.Subject, _sessions.Count);
        }

        await session.DisposeAsync();
    }

    /// <summary>Ends the sessions that have been idle too long. Runs every minute.</summary>
    public async Task EndIdleAsync()
    {
        foreach (var (_, session) in _sessions)
        {
            if (session.IsIdle && _time.GetElapsedTime(session.LastUsed) > _idle)
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

    private async ValueTask MakeRoomAsync(string subject)
    {
        var idle = _sessions.Values.Where(s => s.IsIdle).OrderBy(s => s.LastUsed).ToList();
        // A caller that holds many sessions pays with its own before it can push out anybody else's.
        var own = idle.Where(s => s.Subject == subject).ToList();
        var victims = own.Count > _max / 10 ? own : idle;
        foreach (var session in victims.Take(Math.Max(1, _max / 100)))
        {
            await EndAsync(session);
        }
    }
}
