using AiPlatform.Router.OpenAiWire;
using AiPlatform.Router.Targets;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.Routing;

/// <summary>What a request needs of a target.</summary>
internal static class RequestNeeds
{
    /// <summary>Parameters that say something about a caller and change no answer: a target that does not know them answers as well.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal) { "user", "metadata", "store", "safety_identifier", "prompt_cache_key", "service_tier" };

    public static TargetAbilities Of(IEnumerable<ChatMessage> messages, ChatOptions options)
    {
        var needs = TargetAbilities.None;
        if (options.Tools is { Count: > 0 })
        {
            needs |= TargetAbilities.Tools;
        }

        if (options.ResponseFormat is ChatResponseFormatJson { Schema: not null })
        {
            needs |= TargetAbilities.JsonSchema;
        }

        if (ExtraParameters.Of(options.AdditionalProperties) is { } extra && extra.Keys.Any(name => !Harmless.Contains(name)))
        {
            needs |= TargetAbilities.OpenAiParameters;
        }

        return messages.Any(m => m.Contents.Any(c => c is DataContent or UriContent)) ? needs | TargetAbilities.Images : needs;
    }
}
