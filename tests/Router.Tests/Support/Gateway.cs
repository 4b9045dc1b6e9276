using AiPlatform.Core.Access;
using AiPlatform.Router.Calls;
using AiPlatform.Router.Providers;
using AiPlatform.Router.Providers.OpenAi;
using AiPlatform.Router.Routing;
using AiPlatform.Router.Targets;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.Tests.Support;

/// <summary>The router over stubs, each a provider of its own (<c>one</c>, <c>two</c>, …) with the model <c>drill-1</c>.</summary>
internal sealed class Gateway : IDisposable
{
    private static readonly string[] Names = ["one", "two", "three"];
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };

    public Gateway(TimeSpan timeout, FailoverOptions options, params Uri[] providers)
    {
        var targets = providers.Select((url, i) => new ModelTarget
        {
            Target = new RoutingTarget(Names[i], "drill-1", [$"region-{i + 1}"]),
            Kind = "openai",
            UpstreamModel = "upstream",
            BaseUrl = url,
            Abilities = TargetAbilities.Tools | TargetAbilities.JsonSchema | TargetAbilities.OpenAiParameters,
            Price = new TargetPrice(i + 1, i + 1, null, "test", new DateOnly(2026, 11, 1)),
        }).ToArray();
        var pool = new TargetPool(targets, TimeProvider.System);
        var clients = targets.ToDictionary(t => t.Target.Id, t => (IChatClient)new OpenAiChat(t, new ProviderSettings("key-of-provider", timeout), _http, TimeProvider.System));
        Chat = new FailoverChatClient(new ModelRouter(pool, TimeProvider.System), pool, health => clients[health.Target.Target.Id], options, TimeProvider.System);
    }

    public Gateway(params Uri[] providers)
        : this(TimeSpan.FromSeconds(30), new FailoverOptions(TimeSpan.FromSeconds(60), 1, TimeSpan.FromMilliseconds(1)), providers)
    {
    }

    public FailoverChatClient Chat { get; }

    public static IReadOnlyList<ChatMessage> Question { get; } = [new ChatMessage(ChatRole.User, "Which drills fit my budget?")];

    public static RouterChatOptions Options(AccessScope? scope = null, RoutingStrategy? strategy = null) =>
        new(new RouterCall(scope ?? Callers.Of("one", "two", "three"), "req-1") { Strategy = strategy }) { ModelId = "drill-1" };

    /// <summary>The text of a stream, and what it ended with.</summary>
    public async Task<(string Text, RouterException? Failure)> StreamAsync(RouterChatOptions options, CancellationToken cancellationToken = default)
    {
        var text = "";
        try
        {
            await foreach (var update in Chat.GetStreamingResponseAsync(Question, options, cancellationToken))
            {
                text += update.Text;
            }

            return (text, null);
        }
        catch (RouterException failure)
        {
            return (text, failure);
        }
    }

    public void Dispose()
    {
        Chat.Dispose();
        _http.Dispose();
    }
}
