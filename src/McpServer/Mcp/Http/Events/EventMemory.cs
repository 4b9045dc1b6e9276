using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Mcp.Http.Events;

/// <summary>
/// Holds the events of all sessions for clients that lose a stream: bounded for each session in events and bytes, and in bytes over all.
/// The oldest go first. In memory of this process. Thread-safe: <see cref="Gate"/> guards it and every session's part of it.
/// </summary>
internal sealed class EventMemory(IOptions<McpHttpOptions> options)
{
    private readonly LinkedList<StoredEvent> _byAge = new();

    /// <summary>Guards everything that is held.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Bytes held now.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds an event and drops what no longer fits. Under <see cref="Gate"/>.</summary>
    public void Add(SessionEvents session, StoredEvent added)
    {
        session.Held.Enqueue(_byAge.AddLast(added));
        session.Bytes += added.Cost;
        Bytes += added.Cost;
        while (session.Held.Count > options.Value.ReplayEventsPerSession || session.Bytes > options.Value.ReplayBytesPerSession)
        {
            DropOldest(session);
        }

        while (Bytes > options.Value.ReplayBytes)
        {
            DropOldest(_byAge.First!.Value.Stream.Session);
        }
    }

    /// <summary>Drops everything a session holds. Under <see cref="Gate"/>.</summary>
    public void Forget(SessionEvents session)
    {
        while (session.Held.Count > 0)
        {
            DropOldest(session);
        }
    }

    private void DropOldest(SessionEvents session)
    {
        // The oldest of all is the oldest of its session: both are kept in the order of arrival.
        var node = session.Held.Dequeue();
        _byAge.Remove(node);
        session.Bytes -= node.Value.Cost;
        Bytes -= node.Value.Cost;
        node.Value.Stream.Dropped(node.Value.Number);
    }
}
