using System.Runtime.CompilerServices;
using AiPlatform.Router.Calls;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.Routing;

/// <summary>
/// Decides who answers and, while nothing of an answer went out, goes on to the next candidate when one fails: the same target again only for trouble that passes at once, never after a
/// refusal of the request itself. After the first piece of a stream there is no other target: what breaks then is told. Thread-safe.
/// </summary>
/// <param name="router">Decides.</param>
/// <param name="pool">The targets of its decisions.</param>
/// <param name="clients">The client of a target; not owned.</param>
/// <param name="options">How hard to try.</param>
/// <param name="time">The clock.</param>
public sealed class FailoverChatClient(IModelRouter router, TargetPool pool, Func<TargetHealth, IChatClient> clients, FailoverOptions options, TimeProvider time) : IChatClient
{
    private readonly FailoverOptions _bounds = options;

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var conversation = messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
        using var attempts = await BeginAsync(conversation, options, stream: false, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var target = await attempts.NextAsync().ConfigureAwait(false);
            var begun = time.GetTimestamp();
            try
            {
                var response = await target.CallAsync(
                    static async (call, token) => await call.Client.GetResponseAsync(call.Conversation, call.Options, token).ConfigureAwait(false),
                    (Client: clients(target), Conversation: conversation, Options: options),
                    attempts.Token).ConfigureAwait(false);
                target.Whole.Add(time.GetElapsedTime(begun));
                return response;
            }
            catch (Exception failure) when (attempts.IsMine(failure))
            {
                attempts.Failed(failure);
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var conversation = messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
        var stream = await OpenAsync(conversation, options, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            do
            {
                yield return stream.Current;
            }
            while (await stream.NextAsync().ConfigureAwait(false));
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>A stream whose first piece is there.</summary>
    private async ValueTask<OpenStream> OpenAsync(IReadOnlyCollection<ChatMessage> conversation, ChatOptions? options, CancellationToken cancellationToken)
    {
        using var attempts = await BeginAsync(conversation, options, stream: true, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var target = await attempts.NextAsync().ConfigureAwait(false);
            var begun = time.GetTimestamp();
            var stream = new OpenStream(target, token => clients(target).GetStreamingResponseAsync(conversation, options, token), cancellationToken);
            try
            {
                await stream.OpenAsync(attempts.Token).ConfigureAwait(false);
                target.FirstToken.Add(time.GetElapsedTime(begun));
                return stream;
            }
            catch (Exception failure)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
                if (!attempts.IsMine(failure))
                {
                    throw;
                }

                attempts.Failed(failure);
            }
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
            InputTokens = TokenEstimate.Of(conversation),
            MaxOutputTokens = chat.MaxOutputTokens ?? int.MaxValue,
            Needs = RequestNeeds.Of(conversation, chat),
        };
        call.Decision = await router.DecideAsync(call.Scope, request, cancellationToken).ConfigureAwait(false);
        return new Attempts(pool, call, _bounds, time, cancellationToken);
    }
}
