using AiPlatform.Router.Calls;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.Routing;

/// <summary>A stream of one target, from its opening to its end. One reader; not thread-safe.</summary>
internal sealed class OpenStream : IAsyncDisposable
{
    private readonly CancellationTokenSource _life;
    private readonly IAsyncEnumerator<ChatResponseUpdate> _updates;
    private readonly TargetHealth _target;

    /// <param name="target">The target.</param>
    /// <param name="open">Begins the stream under a token.</param>
    /// <param name="caller">Cancelled when the caller leaves.</param>
    public OpenStream(TargetHealth target, Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> open, CancellationToken caller)
    {
        _target = target;
        _life = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _updates = open(_life.Token).GetAsyncEnumerator(_life.Token);
    }

    /// <summary>The piece that was read last.</summary>
    public ChatResponseUpdate Current => _updates.Current;

    /// <summary>Reads the first piece, under the target's breaker and no longer than the deadline, which bounds nothing behind it.</summary>
    /// <exception cref="RouterException">There is none.</exception>
    public async ValueTask OpenAsync(CancellationToken deadline)
    {
        await using var bound = deadline.UnsafeRegister(static life => ((CancellationTokenSource)life!).Cancel(), _life).ConfigureAwait(false);
        await _target.CallAsync(
            static async (updates, _) => await updates.MoveNextAsync().ConfigureAwait(false) ? true : throw new RouterException(RouterFault.Truncated, "The provider's stream held nothing."),
            _updates,
            CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Reads the next piece.</summary>
    /// <exception cref="RouterException">It broke in the middle, which counts against the target.</exception>
    public async ValueTask<bool> NextAsync()
    {
        try
        {
            return await _updates.MoveNextAsync().ConfigureAwait(false);
        }
        catch (RouterException failure)
        {
            await _target.FailedAsync(failure).ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Ends what the provider still sends, so that its connection is free at once.
        await _life.CancelAsync().ConfigureAwait(false);
        await _updates.DisposeAsync().ConfigureAwait(false);
        _life.Dispose();
    }
}
