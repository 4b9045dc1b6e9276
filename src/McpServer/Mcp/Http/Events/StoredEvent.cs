namespace AiPlatform.McpServer.Mcp.Http.Events;

/// <summary>One event that a client may ask for again.</summary>
/// <param name="Stream">The stream it belongs to.</param>
/// <param name="Number">Its place in the stream, from 1.</param>
/// <param name="Message">The message as JSON; empty for an event that only carries an id.</param>
/// <param name="EventType">The type the SDK gave it.</param>
/// <param name="Retry">How long the client should wait before it reconnects; null for no advice.</param>
internal sealed record StoredEvent(EventStream Stream, long Number, ReadOnlyMemory<byte> Message, string EventType, TimeSpan? Retry)
{
    // What an event costs beside its text: the record, its list node and its queue slot.
    private const int Overhead = 256;

    /// <summary>Bytes it counts for.</summary>
    public int Cost => Message.Length + Overhead;

    /// <summary>The id on the wire.</summary>
    public string Id => EventId.Write(Stream.Id, Number);
}
