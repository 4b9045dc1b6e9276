using AiPlatform.Router.Calls;
using AiPlatform.Router.Targets;
using Polly;
using Polly.CircuitBreaker;

namespace AiPlatform.Router.Routing;

/// <summary>How a target did lately: its breaker and how fast it answered. Thread-safe.</summary>
public sealed class TargetHealth
{
    private const int MinimumCalls = 5;
    private const double FailureShare = .5;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HalfLife = TimeSpan.FromMinutes(5);

    private readonly CircuitBreakerStateProvider _breaker = new();
    private readonly ResiliencePipeline _pipeline;
    private readonly TimeProvider _time;
    private long _awayUntil;

    /// <param name="target">The target.</param>
    /// <param name="time">The clock.</param>
    public TargetHealth(ModelTarget target, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        Target = target;
        _time = time;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = FailureShare,
                MinimumThroughput = MinimumCalls,
                SamplingDuration = Window,
                BreakDuration = Break,
                StateProvider = _breaker,
                ShouldHandle = new PredicateBuilder().Handle<RouterException>(e => CountsAgainst(e.Fault)),
            })
            .Build();
        FirstToken = new DecayedQuantile(HalfLife, time);
        Whole = new DecayedQuantile(HalfLife, time);
    }

    /// <summary>The target.</summary>
    public ModelTarget Target { get; }

    /// <summary>Times to the first piece of streams.</summary>
    public DecayedQuantile FirstToken { get; }

    /// <summary>Times of whole answers.</summary>
    public DecayedQuantile Whole { get; }

    /// <summary>Whether calls to it are of no use now: too many failed, or it asked to be left alone.</summary>
    public bool IsAway => _breaker.CircuitState is CircuitState.Open or CircuitState.Isolated || _time.GetUtcNow().UtcTicks < Interlocked.Read(ref _awayUntil);

    /// <summary>How long it asked to be left alone from now; zero when it did not.</summary>
    public TimeSpan Away => Interlocked.Read(ref _awayUntil) is var until && until > _time.GetUtcNow().UtcTicks ? TimeSpan.FromTicks(until - _time.GetUtcNow().UtcTicks) : TimeSpan.Zero;

    /// <summary>Makes a call under the breaker.</summary>
    /// <exception cref="RouterException">It failed, or the breaker is open.</exception>
    public async ValueTask<T> CallAsync<TState, T>(Func<TState, CancellationToken, ValueTask<T>> call, TState state, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(static (s, token) => s.call(s.state, token), (call, state), cancellationToken).ConfigureAwait(false);
        }
        catch (BrokenCircuitException open)
        {
            throw new RouterException(RouterFault.Unavailable, "The provider failed too often and is left alone for a while.", open);
        }
        catch (RouterException failure) when (failure is { Fault: RouterFault.Throttled, RetryAfter: { } asked })
        {
            Interlocked.Exchange(ref _awayUntil, (_time.GetUtcNow() + asked).UtcTicks);
            throw;
        }
    }

    /// <summary>Books a failure in the middle of an answer, which its call could not see.</summary>
    public async ValueTask FailedAsync(RouterException failure)
    {
        try
        {
            await _pipeline.ExecuteAsync(static (f, _) => throw f, failure, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception booked) when (booked is RouterException or BrokenCircuitException)
        {
            // Only counted.
        }
    }

    /// <summary>A wrong request says nothing of the target, and being throttled is not being broken.</summary>
    private static bool CountsAgainst(RouterFault fault) => RouterFaults.IsWorthAnotherTarget(fault) && fault != RouterFault.Throttled;
}
