using System.Buffers.Text;
using System.Security.Cryptography;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Http.Events;

/// <summary>
/// The event streams of one session. Only revisions that know events without data get ids (the SDK decides: 2025-11-25 and later); in
/// the others no stream is ever made here and nothing can be resumed.
/// </summary>
internal sealed class SessionEvents(EventMemory memory) : ISseEventStreamStore
{
    private const int StreamIdBytes = 16;

    private readonly Dictionary<string, EventStream> _streams = new(StringComparer.Ordinal);
    private bool _ended;

    /// <summary>Events held, oldest first. Under the gate of the memory.</summary>
    public Queue<LinkedListNode<StoredEvent>> Held { get; } = new();

    /// <summary>Bytes held. Under the gate of the memory.</summary>
    public int Bytes { get; set; }

    /// <summary>Whether the session's streams can be resumed.</summary>
    public bool IsResumable { get; private set; }

    public ValueTask<ISseEventStreamWriter> CreateStreamAsync(SseEventStreamOptions options, CancellationToken cancellationToken = default)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(StreamIdBytes));
        var stream = new EventStream(memory, this, id, options);
        lock (memory.Gate)
        {
            IsResumable = true;
            if (!_ended)
            {
                _streams.Add(id, stream);
            }
        }

        return ValueTask.FromResult<ISseEventStreamWriter>(stream);
    }

    /// <summary>Reads on after an event; null when the session knows no such event or has dropped one that came after it.</summary>
    public ValueTask<ISseEventStreamReader?> GetStreamReaderAsync(string lastEventId, CancellationToken cancellationToken = default)
    {
        lock (memory.Gate)
        {
            ISseEventStreamReader? reader = EventId.TryRead(lastEventId, out var streamId, out var number) && _streams.TryGetValue(streamId, out var stream)
                ? stream.ReadAfter(number)
                : null;
            return ValueTask.FromResult(reader);
        }
    }

    /// <summary>Ends the stream of a request that will get no answer.</summary>
    /// <param name="streamId">The SDK's name for the stream: the request's id.</param>
    public void EndRequest(string streamId)
    {
        lock (memory.Gate)
        {
            foreach (var stream in _streams.Values.Where(s => s.StreamId == streamId).ToList())
            {
                stream.Complete();
            }
        }
    }

    /// <summary>Ends every stream and drops everything held.</summary>
    public void End()
    {
        lock (memory.Gate)
        {
            _ended = true;
            foreach (var stream in _streams.Values.ToList())
            {
                stream.Complete();
            }

            memory.Forget(this);
            _streams.Clear();
        }
    }

    /// <summary>Forgets a stream that is complete and of which nothing is held. Under the gate of the memory.</summary>
    public void Remove(EventStream stream) => _streams.Remove(stream.Id);
}
