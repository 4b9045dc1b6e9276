using AiPlatform.Router.Targets;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.Providers.OpenAi;

/// <summary>Clients of OpenAI and of services that speak its protocol.</summary>
internal sealed class OpenAiProvider(IHttpClientFactory connections, TimeProvider time) : IChatProvider
{
    public string Kind => "openai";

    public IChatClient Create(ModelTarget target, ProviderSettings settings) => new OpenAiChat(target, settings, connections.CreateClient(RouterServices.HttpClientName), time);
}
