using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.Clients.Tests.Conformance;

/// <summary>The prompts of the suite.</summary>
internal static class FixturePrompts
{
    private const string Asking = "test_input_required_result_prompt";
    private const string Context = "user_context";

    /// <summary>Null when the prompt is none of the suite's.</summary>
    public static GetPromptResult? Get(RequestContext<GetPromptRequestParams> request)
    {
        var name = request.Params?.Name ?? "";
        if (name != Asking)
        {
            var arguments = request.Params?.Arguments ?? new Dictionary<string, JsonElement>();
            return FixtureData.Messages(name, arguments.Select(a => KeyValuePair.Create(a.Key, a.Value.GetString() ?? "")));
        }

        return FixtureRounds.Elicited(request.Params, Context, "context") is { } context
            ? FixtureData.Messages(name, [KeyValuePair.Create("context", context)])
            : throw FixtureRounds.Ask(state: null, Context);
    }
}
