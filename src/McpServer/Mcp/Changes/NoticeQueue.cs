using System.Threading.Channels;

namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>
/// What waits to be told to one subscriber. The same thing waits once, however often it changes, so the queue is bounded by what is watched and
/// a client that reads slowly delays nobody but itself. Thread-safe.
/// </summary>
internal sealed class NoticeQueue
{
    private readonly Lock _lock = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private HashSet<string> _resources = new(StringComparer.Ordinal);
    private ListKinds _lists;

    public void Add(Notices notices)
    {
        if (notices.Lists == ListKinds.None && notices.Resources.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            _lists |= notices.Lists;
            _resources.UnionWith(notices.Resources);
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>Takes a resource out that is no longer watched.</summary>
    public void Forget(string uri)
    {
        lock (_lock)
        {
            _resources.Remove(uri);
        }
    }

    /// <summary>Drops what waits and lets <see cref="TakeAsync"/> end.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _lists = ListKinds.None;
            _resources = new HashSet<string>(StringComparer.Ordinal);
        }

        _signal.Writer.TryComplete();
    }

    /// <summary>Waits for notices and takes all that are there; null once the queue is closed.</summary>
    public async ValueTask<Notices?> TakeAsync(CancellationToken cancellationToken)
    {
        while (await _signal.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_signal.Reader.TryRead(out _) && Take() is { } notices)
            {
                return notices;
            }
        }

        return null;
    }

    private Notices? Take()
    {
        lock (_lock)
        {
            if (_lists == ListKinds.None && _resources.Count == 0)
            {
                return null;
            }

            var taken = new Notices(_lists, _resources);
            _lists = ListKinds.None;
            _resources = new HashSet<string>(StringComparer.Ordinal);
            return taken;
        }
    }
}
