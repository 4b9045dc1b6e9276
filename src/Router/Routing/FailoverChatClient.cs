using System.Runtime.CompilerServices;
using AiPlatform.Core.Resilience;
using AiPlatform.Router.Calls;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.Routing;

/// <summary>
/// Decides who answers and, while nothing of an answer went out, goes on to the next candidate when one fails: the same target again only for trouble that passes at once, never after a
/// refusal of the request itself. After the first piece of a stream there is no other target: what breaks then is told. Thread-safe.
/// </summary>
/// <param name="router">Decides.</param>
/// <param name="clients">The client of a target.</param>
/// <param name="tokens">Estimates tokens of a conversation.</param>
/// <param name="options">How hard to try.</param>
/// <param name="time">The clock.</param>
public sealed class FailoverChatClient(ModelRouter router, Func<TargetHealth, IChatClient> clients, Func<IEnumerable<ChatMessage>, int> tokens, FailoverOptions options, TimeProvider time) : IChatClient
{
    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var conversation = messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
        var attempts = await BeginAsync(conversation, options, stream: false, cancellationToken).ConfigureAwait(false);
        using (attempts)
        {
            while (true)
            {
                var target = await attempts.NextAsync().ConfigureAwait(false);
                var begun = time.GetTimestamp();
                try
                {
                    var response = await target.CallAsync(
                        static async (s, token) => await s.client.GetResponseAsync(s.conversation, s.options, token).ConfigureAwait(false), (client: clients(target), conversation, options), attempts.Token).ConfigureAwait(false);
                    target.Whole.Add(time.GetElapsedTime(begun));
                    return response;
                }
                catch (RouterException failure)
                {
                    attempts.Failed(failure);
                }
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var conversation = messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
        var (stream, target) = await OpenAsync(conversation, options, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            do
            {
                yield return stream.Current;
            }
            while (await NextAsync(stream, target).ConfigureAwait(false));
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>A stream whose first piece is there.</summary>
    private async ValueTask<(IAsyncEnumerator<ChatResponseUpdate> Stream, TargetHealth Target)> OpenAsync(IReadOnlyCollection<ChatMessage> conversation, ChatOptions? options, CancellationToken cancellationToken)
    {
        using var attempts = await BeginAsync(conversation, options, stream: true, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var target = await attempts.NextAsync().ConfigureAwait(false);
            var begun = time.GetTimestamp();
            // Under the caller's token, not the deadline's: the stream lives on behind its first piece.
            var stream = clients(target).GetStreamingResponseAsync(conversation, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            try
            {
                var any = await target.CallAsync(static (s, token) => FirstAsync(s, token), stream, attempts.Token).ConfigureAwait(false);
                target.FirstToken.Add(time.GetElapsedTime(begun));
                if (any)
                {
                    return (stream, target);
                }

                throw new RouterException(RouterFault.Truncated, "The provider's stream held nothing.");
            }
            catch (RouterException failure)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
                attempts.Failed(failure);
            }
            catch
            {
                await stream.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    private static async ValueTask<bool> FirstAsync(IAsyncEnumerator<ChatResponseUpdate> stream, CancellationToken token) =>
        await stream.MoveNextAsync().AsTask().WaitAsync(token).ConfigureAwait(false);

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> stream, TargetHealth target)
    {
        try
        {
            return await stream.MoveNextAsync().ConfigureAwait(false);
        }
        catch (RouterException failure)
        {
            await target.FailedAsync(failure).ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<Attempts> BeginAsync(IReadOnlyCollection<ChatMessage> conversation, ChatOptions? chat, bool stream, CancellationToken cancellationToken)
    {
        var call = RouterChatOptions.CallOf(chat);
        var request = new RoutingRequest
        {
            RequestId = call.RequestId,
            Model = chat!.ModelId,
            Priority = call.Priority,
            Strategy = call.Strategy,
            Stream = stream,
            InputTokens = tokens(conversation),
            MaxOutputTokens = chat.MaxOutputTokens ?? int.MaxValue,
            Needs = RequestNeeds.Of(conversation, chat),
        };
        call.Decision = await router.DecideAsync(call.Scope, request, cancellationToken).ConfigureAwait(false);
        return new Attempts(router, call, options, time, cancellationToken);
    }
}
