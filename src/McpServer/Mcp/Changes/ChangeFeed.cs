using System.Collections.Concurrent;
using System.Globalization;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using Microsoft.Extensions.Options;
using ModelContextProtocol;

namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>
/// Looks, once in a poll interval, whether the policy or the live generation of any catalog is another one, also when another process swapped it
/// in, and then has every subscriber compared with what it saw before; otherwise only those whose own rights are others. With nobody to tell it does
/// nothing. Knows no transport. Thread-safe.
/// </summary>
internal sealed class ChangeFeed : IAsyncDisposable
{
    private const int Workers = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<ChangeSubscriber, bool> _subscribers = new();
    private readonly VisibleState _state;
    private readonly ICatalogIndex _index;
    private readonly IAccessPolicySource _policies;
    private readonly AccessScope.Issuer _issuer;
    private readonly ChangeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ChangeFeed> _logger;
    private readonly CancellationTokenSource _stopped;
    private readonly SemaphoreSlim _looking = new(1, 1);
    private readonly ITimer _timer;
    private AccessScope? _system;
    private AccessPolicy? _policy;
    private string _generations = "";
    private long _epoch;
    private long _looks;
    private int _watched;

    public ChangeFeed(
        VisibleState state, ICatalogIndex index, IAccessPolicySource policies, AccessScope.Issuer issuer, IOptions<ChangeOptions> options,
        IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ChangeFeed> logger)
    {
        _state = state;
        _index = index;
        _policies = policies;
        _issuer = issuer;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _stopped = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        // Streams that stay open would keep the server from stopping.
        _stopped.Token.Register(() => _ = CloseAllAsync());
        var poll = TimeSpan.FromMilliseconds(_options.PollMilliseconds);
        _timer = time.CreateTimer(_ => _ = PollAsync(), null, poll, poll);
    }

    /// <summary>Resources watched by all together.</summary>
    public int Watched => Volatile.Read(ref _watched);

    /// <summary>Sessions and streams that are told of changes.</summary>
    public int Subscribers => _subscribers.Count;

    /// <summary>Tells a session of changes from now on.</summary>
    public Task<ChangeSubscriber> OpenSessionAsync(StandingCaller standing, Action ended) =>
        OpenAsync(standing, ListKinds.All, isStream: false, ended, CancellationToken.None);

    /// <summary>Tells a stream of changes of the wanted lists from now on.</summary>
    /// <exception cref="McpProtocolException">The caller holds too many streams.</exception>
    public Task<ChangeSubscriber> OpenStreamAsync(StandingCaller standing, ListKinds wanted, Action ended, CancellationToken cancellationToken) =>
        _subscribers.Count(s => s.Value && s.Key.Subject == standing.Current.Subject) < _options.MaxStreamsPerCaller
            ? OpenAsync(standing, wanted, isStream: true, ended, cancellationToken)
            : throw new McpProtocolException(
                $"too_many_streams: You may hold {_options.MaxStreamsPerCaller} open streams of notices. Close one, or ask for more in one stream.", McpErrorCode.InvalidRequest);

    /// <summary>Looks now. The timer does it by itself.</summary>
    public async Task LookAsync()
    {
        await _looking.WaitAsync(_stopped.Token);
        try
        {
            if (_subscribers.IsEmpty)
            {
                return;
            }

            using var patience = new CancellationTokenSource(Patience, _time);
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token, patience.Token);
            await NoteChangesAsync(giveUp.Token);
            var look = new ChangeLook(++_looks, _epoch, _state, giveUp.Token);
            // Who was looked at longest ago comes first: a look that is given up is gone on with by the next.
            var due = _subscribers.Keys.Where(s => s.IsDue(look)).OrderBy(s => s.LookedAt).ToArray();
            var bounds = new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = giveUp.Token };
            await Parallel.ForEachAsync(due, bounds, (subscriber, cancellationToken) => LookAtAsync(subscriber, look, cancellationToken));
        }
        finally
        {
            _looking.Release();
        }
    }

    /// <summary>Takes the place of one more watched resource.</summary>
    /// <param name="own">How many the subscriber watches already.</param>
    /// <exception cref="McpProtocolException">There is none left.</exception>
    public void Reserve(int own)
    {
        if (own >= _options.MaxResources)
        {
            throw new McpProtocolException(
                $"too_many_resources: A session or stream watches at most {_options.MaxResources} resources. Give one up first.", McpErrorCode.InvalidParams);
        }

        if (Interlocked.Increment(ref _watched) > _options.MaxResourcesInAll)
        {
            Interlocked.Decrement(ref _watched);
            throw new McpProtocolException("too_many_resources: The server watches as many resources as it can. Try again later.", McpErrorCode.InvalidRequest);
        }
    }

    /// <summary>Gives places of watched resources back.</summary>
    public void Release(int count) => Interlocked.Add(ref _watched, -count);

    /// <summary>Tells a subscriber nothing more.</summary>
    public void Remove(ChangeSubscriber subscriber) => _subscribers.TryRemove(subscriber, out _);

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _stopped.CancelAsync();
        await CloseAllAsync();
        _stopped.Dispose();
        _looking.Dispose();
    }

    private async Task<ChangeSubscriber> OpenAsync(StandingCaller standing, ListKinds wanted, bool isStream, Action ended, CancellationToken cancellationToken)
    {
        var subscriber = new ChangeSubscriber(this, _state, standing, wanted, ended);
        // Before what it sees is noted: a change in between is found by the next look.
        _subscribers[subscriber] = isStream;
        try
        {
            _stopped.Token.ThrowIfCancellationRequested();
            await subscriber.StartAsync(cancellationToken);
            return subscriber;
        }
        catch (Exception failure) when (!isStream && failure is not OperationCanceledException)
        {
            // Nobody waits for a session to be told of changes, so a failure would leave it untold for good.
            Log.SessionNotNoted(_logger, failure, subscriber.Subject);
            return subscriber;
        }
        catch
        {
            await subscriber.CloseAsync();
            throw;
        }
    }

    private async Task PollAsync()
    {
        // A look that takes longer than the interval is not overtaken.
        if (_looking.CurrentCount == 0)
        {
            return;
        }

        try
        {
            await LookAsync();
        }
        catch (Exception failure)
        {
            // The boundary of a timer thread: the next look is made all the same.
            if (!_stopped.IsCancellationRequested)
            {
                Log.LookFailed(_logger, failure);
            }
        }
    }

    /// <summary>Begins a new epoch when the policy or a generation is another one than at the last look.</summary>
    private async Task NoteChangesAsync(CancellationToken cancellationToken)
    {
        // Issued once, because every issue is a row of the audit.
        _system ??= _issuer.IssueSystem("changes", "see which generation of each catalog is live, to tell subscribers of changes to what they see");
        var policy = _policies.Current;
        var catalogs = await _index.ListCatalogsAsync(_system, cancellationToken);
        var generations = string.Join('|', catalogs.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Name}:{c.Generation}")));
        if (!ReferenceEquals(policy, _policy) || generations != _generations)
        {
            (_policy, _generations) = (policy, generations);
            _epoch++;
        }
    }

    private async ValueTask LookAtAsync(ChangeSubscriber subscriber, ChangeLook look, CancellationToken cancellationToken)
    {
        try
        {
            await subscriber.LookAsync(look, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The boundary between subscribers: what fails for one is tried again at the next look and keeps nobody else from being told.
            Log.LookFailed(_logger, failure);
        }
    }

    private async Task CloseAllAsync()
    {
        foreach (var subscriber in _subscribers.Keys)
        {
            await subscriber.CloseAsync();
        }
    }
}
