using System.Threading.Channels;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Auth;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>
/// One session or stream that is told of changes, with what its caller saw when it was last looked at. Notices follow the rights the caller has
/// now: it is renewed before every look, and once it may not go on nothing more is told. Thread-safe: one thing happens at a time.
/// </summary>
internal sealed class ChangeSubscriber
{
    private const long NeverLookedAt = -1;

    // Holds one token: whoever has taken it may work.
    private readonly Channel<bool> _turn = Channel.CreateBounded<bool>(1);
    private readonly Dictionary<string, ContentHash?> _resources = new(StringComparer.Ordinal);
    private readonly NoticeQueue _queue = new();
    private readonly ChangeFeed _feed;
    private readonly VisibleState _state;
    private readonly ListKinds _wanted;
    private readonly Action _ended;
    private Caller _caller;
    private OfferedLists? _lists;
    private long _epoch = NeverLookedAt;
    private volatile bool _hasEnded;

    /// <param name="feed">Looks for changes.</param>
    /// <param name="state">Reads what the caller sees.</param>
    /// <param name="caller">Who is told.</param>
    /// <param name="wanted">The lists whose changes are told.</param>
    /// <param name="ended">Called once, when nothing more is told: closes the connection if it is still open. Must not wait.</param>
    public ChangeSubscriber(ChangeFeed feed, VisibleState state, Caller caller, ListKinds wanted, Action ended)
    {
        _feed = feed;
        _state = state;
        _caller = caller;
        _wanted = wanted;
        _ended = ended;
        _turn.Writer.TryWrite(true);
    }

    /// <summary>Who is told.</summary>
    public string Subject => _caller.Subject;

    /// <summary>Notes what the caller sees now: later looks are compared with it.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => ExclusivelyAsync(
        async () => _lists = await _state.ListsAsync(_caller.Scope, cancellationToken), cancellationToken);

    /// <summary>Watches a resource from now on; false when it is none that the caller could read. Idempotent.</summary>
    /// <exception cref="McpProtocolException">Too many are watched.</exception>
    public async Task<bool> WatchAsync(string uri, CancellationToken cancellationToken)
    {
        var watched = false;
        await ExclusivelyAsync(
            async () =>
            {
                watched = !_hasEnded && _state.CanWatch(_caller.Scope, uri);
                if (watched && !_resources.ContainsKey(uri))
                {
                    var digest = await _state.DigestAsync(_caller.Scope, uri, cancellationToken);
                    _feed.Reserve(_resources.Count);
                    _resources[uri] = digest;
                }
            },
            cancellationToken);
        return watched;
    }

    /// <summary>No longer watches a resource. Idempotent.</summary>
    public Task UnwatchAsync(string uri, CancellationToken cancellationToken) => ExclusivelyAsync(
        () =>
        {
            if (_resources.Remove(uri))
            {
                _feed.Release(1);
                _queue.Forget(uri);
            }

            return Task.CompletedTask;
        },
        cancellationToken);

    /// <summary>Renews the caller and, when anything may have changed since the last look, queues what differs for it. Ends when the caller may not go on.</summary>
    public Task LookAsync(ChangeLook look, CancellationToken cancellationToken) => ExclusivelyAsync(
        async () =>
        {
            if (_hasEnded)
            {
                return;
            }

            var caller = _caller.Renewal is null ? _caller : await _caller.Renewal.RenewAsync(cancellationToken);
            if (caller is null)
            {
                _feed.NotRenewed(this);
                End();
            }
            else if (look.Epoch != _epoch || !ReferenceEquals(caller, _caller))
            {
                _queue.Add(await CompareAsync(caller, look, cancellationToken));
                (_caller, _epoch) = (caller, look.Epoch);
            }
        },
        cancellationToken);

    /// <summary>Sends what is queued, until nothing more is told.</summary>
    public async Task PumpAsync(Func<JsonRpcNotification, CancellationToken, Task> send, CancellationToken cancellationToken)
    {
        while (await _queue.TakeAsync(cancellationToken) is { } notices)
        {
            foreach (var notification in ChangeNotifications.Of(notices))
            {
                if (_hasEnded)
                {
                    return;
                }

                await send(notification, cancellationToken);
            }
        }
    }

    /// <summary>Tells nothing more and gives up every watched resource. Idempotent.</summary>
    public Task CloseAsync() => ExclusivelyAsync(
        () =>
        {
            End();
            return Task.CompletedTask;
        },
        CancellationToken.None);

    private void End()
    {
        if (_hasEnded)
        {
            return;
        }

        _hasEnded = true;
        _queue.Close();
        _feed.Remove(this);
        _feed.Release(_resources.Count);
        _resources.Clear();
        _ended();
    }

    /// <summary>What differs now. Nothing is noted before everything is read: a read that fails is made again at the next look.</summary>
    private async Task<Notices> CompareAsync(Caller caller, ChangeLook look, CancellationToken cancellationToken)
    {
        var lists = await look.ListsAsync(caller.Scope, cancellationToken);
        var changed = new Dictionary<string, ContentHash?>(StringComparer.Ordinal);
        foreach (var (uri, before) in _resources)
        {
            var now = await _state.DigestAsync(caller.Scope, uri, cancellationToken);
            if (now != before)
            {
                changed[uri] = now;
            }
        }

        foreach (var (uri, now) in changed)
        {
            _resources[uri] = now;
        }

        var different = _lists is null ? ListKinds.None : lists.Differences(_lists) & _wanted;
        _lists = lists;
        return new Notices(different, changed.Keys);
    }

    private async Task ExclusivelyAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        await _turn.Reader.ReadAsync(cancellationToken);
        try
        {
            await work();
        }
        finally
        {
            _turn.Writer.TryWrite(true);
        }
    }
}
