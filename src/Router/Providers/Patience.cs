using AiPlatform.Router.Calls;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.Providers;

/// <summary>How long a provider is waited for: for an answer, and in a stream for each next piece. One call; not thread-safe.</summary>
internal sealed class Patience : IDisposable
{
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenSource _either;
    private readonly TimeSpan _each;

    public Patience(TimeSpan each, TimeProvider time, CancellationToken caller)
    {
        _each = each;
        _over = new CancellationTokenSource(each, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(caller, _over.Token);
    }

    /// <summary>Cancelled when the caller leaves or the time is over.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Whether the time was over, not the caller gone.</summary>
    public bool IsOver => _over.IsCancellationRequested;

    /// <summary>Another piece is waited for as long.</summary>
    public void Renew() => _over.CancelAfter(_each);

    /// <summary>What is told when the time is over.</summary>
    public RouterException Failure(UsageDetails? usage) => new(RouterFault.Timeout, $"The provider did not answer within {_each.TotalSeconds:0.#} s.") { PartialUsage = usage };

    public void Dispose()
    {
        _either.Dispose();
        _over.Dispose();
    }
}
