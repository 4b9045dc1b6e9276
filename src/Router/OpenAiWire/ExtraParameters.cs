using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.OpenAiWire;

/// <summary>Parameters of a request, or members of an answer, that have no name of their own here and travel as they are between a caller and a provider that both speak OpenAI's protocol.</summary>
public static class ExtraParameters
{
    /// <summary>The property they are kept under.</summary>
    public const string Property = "openai.parameters";

    /// <summary>The property that says whether an answer has to fit its JSON schema exactly.</summary>
    public const string StrictSchema = "strictJsonSchema";

    /// <summary>The parameters of options; null for none.</summary>
    public static IReadOnlyDictionary<string, JsonElement>? Of(AdditionalPropertiesDictionary? properties) =>
        properties is not null && properties.TryGetValue(Property, out var value) ? value as IReadOnlyDictionary<string, JsonElement> : null;
}
