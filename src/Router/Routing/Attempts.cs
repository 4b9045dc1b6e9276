using System.Security.Cryptography;
using AiPlatform.Core.Resilience;
using AiPlatform.Router.Calls;

namespace AiPlatform.Router.Routing;

/// <summary>The attempts of one call: who is asked next, and what is told when nobody is left. One call; not thread-safe.</summary>
internal sealed class Attempts : IDisposable
{
    private readonly TargetPool _pool;
    private readonly RouterCall _call;
    private readonly FailoverOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _either;
    private RouterException? _failure;
    private TimeSpan? _soonest;
    private int _candidate = -1;
    private int _failures;

    public Attempts(TargetPool pool, RouterCall call, FailoverOptions options, TimeProvider time, CancellationToken caller)
    {
        (_pool, _call, _options, _time, _caller) = (pool, call, options, time, caller);
        _deadline = new CancellationTokenSource(options.Deadline, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(caller, _deadline.Token);
    }

    /// <summary>Cancelled when the caller leaves or the deadline is over.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>The target to ask now; waits where the same one is asked again.</summary>
    /// <exception cref="RouterException">Nobody is left.</exception>
    public async ValueTask<TargetHealth> NextAsync()
    {
        var candidates = _call.Decision!.Candidates;
        if (_failure is { } failed && RouterFaults.IsWorthARetry(failed.Fault) && _failures <= _options.Retries && _candidate >= 0)
        {
            await PauseAsync(failed).ConfigureAwait(false);
        }
        else if (++_candidate < candidates.Length)
        {
            _failures = 0;
        }
        else
        {
            throw _failure is null ? Refusal() : Last(_failure);
        }

        var target = _pool.Of(candidates[_candidate].Target);
        (_call.AnsweredBy, _call.Attempts) = (target.Target, _call.Attempts + 1);
        return target;
    }

    /// <summary>Whether a failure is one of an attempt: the provider's, or the end of the deadline while the caller still waits.</summary>
    public bool IsMine(Exception failure) => failure is RouterException || (failure is OperationCanceledException && _deadline.IsCancellationRequested && !_caller.IsCancellationRequested);

    /// <summary>Books a failure; throws it where no other attempt could do better.</summary>
    public void Failed(Exception cause)
    {
        var failure = cause as RouterException ?? new RouterException(RouterFault.Timeout, $"No provider answered within {_options.Deadline.TotalSeconds:0.#} s.", cause);
        if (_deadline.IsCancellationRequested)
        {
            throw Last(failure);
        }

        if (!RouterFaults.IsWorthAnotherTarget(failure.Fault))
        {
            throw failure;
        }

        _failure = failure;
        _failures++;
        if (failure.RetryAfter is { } asked && (_soonest is null || asked < _soonest))
        {
            _soonest = asked;
        }
    }

    public void Dispose()
    {
        _either.Dispose();
        _deadline.Dispose();
    }

    private async ValueTask PauseAsync(RouterException failed)
    {
        try
        {
            await Task.Delay(RetryPause.After(_failures, _options.FirstPause, null, RandomNumberGenerator.GetInt32(1_000) / 1_000.0), _time, Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_caller.IsCancellationRequested)
        {
            throw Last(failed);
        }
    }

    /// <summary>The last failure, with the shortest wait that any of them asked for.</summary>
    private RouterException Last(RouterException failure) => _soonest == failure.RetryAfter ? failure : new RouterException(failure.Fault, failure.Message, failure)
    {
        ProviderStatus = failure.ProviderStatus,
        ProviderType = failure.ProviderType,
        ProviderCode = failure.ProviderCode,
        Argument = failure.Argument,
        RetryAfter = _soonest,
        PartialUsage = failure.PartialUsage,
    };

    /// <summary>What the caller may not use is told as what is not there.</summary>
    private RouterException Refusal() => RoutingRefusal.Of(_call.Decision!, _pool);
}
