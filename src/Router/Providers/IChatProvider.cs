using AiPlatform.Router.Targets;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.Providers;

/// <summary>Makes the clients of one kind of provider. Its clients call once, without repetition, throw <see cref="Calls.RouterException"/> for whatever goes wrong, and give up at once when cancelled.</summary>
internal interface IChatProvider
{
    /// <summary>The kind, as in <see cref="ModelTarget.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>A client of a target. Thread-safe; lives as long as the process.</summary>
    IChatClient Create(ModelTarget target, ProviderSettings settings);
}
