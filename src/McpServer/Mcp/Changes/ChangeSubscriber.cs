using System.Threading.Channels;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Auth;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>
/// One session or stream that is told of changes, with what its caller saw when it was last looked at. Notices follow the rights the caller of its
/// latest request has now: it is asked for again before anything that changed is told, and once it may not go on nothing more is told. Thread-safe:
/// one thing happens at a time.
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
    private readonly StandingCaller _standing;
    private OfferedLists? _lists;
    private string _rights = "";
    private long _epoch = NeverLookedAt;
    private long _lookedAt;
    private volatile bool _hasEnded;

    /// <param name="feed">Looks for changes.</param>
    /// <param name="state">Reads what the caller sees.</param>
    /// <param name="standing">Who is told. Disposed when nothing more is told.</param>
    /// <param name="wanted">The lists whose changes are told.</param>
    /// <param name="ended">Called once, when nothing more is told: closes the connection if it is still open. Must not wait.</param>
    public ChangeSubscriber(ChangeFeed feed, VisibleState state, StandingCaller standing, ListKinds wanted, Action ended)
    {
        _feed = feed;
        _state = state;
        _standing = standing;
        _wanted = wanted;
        _ended = ended;
        _turn.Writer.TryWrite(true);
    }

    /// <summary>Who is told.</summary>
    public string Subject => _standing.Current.Subject;

    /// <summary>Number of the look that it was last a part of; 0 for none.</summary>
    public long LookedAt => Volatile.Read(ref _lookedAt);

    /// <summary>Notes what the caller sees now: later looks are compared with it.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => ExclusivelyAsync(
        async () =>
        {
            var scope = _standing.Current.Scope;
            _lists = await _state.ListsAsync(scope, cancellationToken);
            Volatile.Write(ref _rights, scope.Fingerprint);
        },
        cancellationToken);

    /// <summary>Watches a resource from now on; false when it is none that the caller could read. Idempotent.</summary>
    /// <param name="caller">Who asks for it: with its rights the resource is looked at first.</param>
    /// <param name="uri">The resource.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="McpProtocolException">Too many are watched.</exception>
    public async Task<bool> WatchAsync(Caller caller, string uri, CancellationToken cancellationToken)
    {
        var watched = false;
        await ExclusivelyAsync(
            async () =>
            {
                watched = !_hasEnded && _state.CanWatch(caller.Scope, uri);
                if (watched && !_resources.ContainsKey(uri))
                {
                    var digest = await _state.DigestAsync(caller.Scope, uri, cancellationToken);
                    _feed.Reserve(_resources.Count);
                    _resources[uri] = digest;
                    if (caller.Scope.Fingerprint != _rights)
                    {
                        // What is noted is of different rights: the next look compares it under those that count then.
                        Volatile.Write(ref _rights, "");
                    }
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

    /// <summary>Whether anything may have changed since it was last looked at: what could be seen, or its caller's rights.</summary>
    public bool IsDue(ChangeLook look) => Volatile.Read(ref _epoch) != look.Epoch || Volatile.Read(ref _rights) != _standing.Current.Scope.Fingerprint;

    /// <summary>Asks for the caller again and queues what differs for it, when anything may have changed. Ends when the caller may not go on.</summary>
    public Task LookAsync(ChangeLook look, CancellationToken cancellationToken) => ExclusivelyAsync(
        async () =>
        {
            if (_hasEnded || !IsDue(look))
            {
                return;
            }

            Volatile.Write(ref _lookedAt, look.Number);
            if (await _standing.RenewAsync(cancellationToken) is { } caller)
            {
                await CompareAsync(caller.Scope, look);
            }
            else
            {
                End();
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
        _standing.Dispose();
        _queue.Close();
        _feed.Remove(this);
        _feed.Release(_resources.Count);
        _resources.Clear();
        _ended();
    }

    /// <summary>Queues what differs now. Nothing is noted before everything is read: a read that fails is made again at the next look.</summary>
    private async Task CompareAsync(AccessScope scope, ChangeLook look)
    {
        var lists = await look.ListsAsync(scope);
        var changed = new Dictionary<string, ContentHash?>(StringComparer.Ordinal);
        foreach (var (uri, before) in _resources)
        {
            var now = await look.DigestAsync(scope, uri);
            if (now != before)
            {
                changed[uri] = now;
            }
        }

        if (_standing.Current.Scope.Fingerprint != scope.Fingerprint)
        {
            // A request with different rights came in between: never told is what they do not see.
            return;
        }

        foreach (var (uri, now) in changed)
        {
            _resources[uri] = now;
        }

        _queue.Add(new Notices(_lists is null ? ListKinds.None : lists.Differences(_lists) & _wanted, changed.Keys));
        _lists = lists;
        Volatile.Write(ref _epoch, look.Epoch);
        Volatile.Write(ref _rights, scope.Fingerprint);
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
