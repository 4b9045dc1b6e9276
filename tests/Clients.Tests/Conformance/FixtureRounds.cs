using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.Clients.Tests.Conformance;

/// <summary>The suite's tools that need more than one round: each asks with an exception and answers when the call comes back with what was asked for.</summary>
internal static class FixtureRounds
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    /// <summary>Null when the tool is none of these.</summary>
    public static CallToolResult? Call(RequestContext<CallToolRequestParams> request) => request.Params!.Name switch
    {
        "test_input_required_result_elicitation" or "test_streaming_elicitation" =>
            Text($"Hello, {Elicited(request.Params, "user_name", "name") ?? throw Ask(null, "user_name")}!"),
        "test_input_required_result_sampling" => Answered(request, null, "capital_question"),
        "test_input_required_result_list_roots" => Answered(request, null, "client_roots"),
        "test_input_required_result_multiple_inputs" => Answered(request, Seal("all"), "user_name", "greeting", "client_roots"),
        "test_input_required_result_request_state" or "test_input_required_result_tampered_state" => Confirmed(request),
        "test_input_required_result_multi_round" => TwoSteps(request),
        "test_input_required_result_capabilities" => OnlyWhatIsDeclared(request),
        "test_missing_capability" => NeedsSampling(request),
        _ => null,
    };

    /// <summary>One field of what the user answered; null when there is no such answer.</summary>
    public static string? Elicited(RequestParams? parameters, string key, string field)
    {
        if (parameters?.InputResponses is null || !parameters.InputResponses.TryGetValue(key, out var response))
        {
            return null;
        }

        // Read as JSON: what a client sends need not be an answer at all.
        var answer = response.RawValue;
        return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("content", out var content)
            && content.ValueKind == JsonValueKind.Object && content.TryGetProperty(field, out var value) ? value.ToString() : null;
    }

    public static InputRequiredException Ask(string? state, params string[] keys) =>
        new(keys.ToDictionary(k => k, FixtureData.Input, StringComparer.Ordinal), state);

    private static CallToolResult Answered(RequestContext<CallToolRequestParams> request, string? state, params string[] keys)
    {
        var responses = request.Params!.InputResponses;
        if (responses is null || !keys.All(responses.ContainsKey))
        {
            throw Ask(state, keys);
        }

        CheckSeal(request.Params.RequestState, state);
        return Text(string.Join(' ', keys.Select(k => responses[k].RawValue.GetRawText())));
    }

    private static CallToolResult Confirmed(RequestContext<CallToolRequestParams> request)
    {
        var sealedState = Seal("confirm");
        var ok = Elicited(request.Params, "confirm", "ok") ?? throw Ask(sealedState, "confirm");
        CheckSeal(request.Params!.RequestState, sealedState);
        return Text($"state-ok {ok}");
    }

    private static CallToolResult TwoSteps(RequestContext<CallToolRequestParams> request)
    {
        if (request.Params!.RequestState == Seal("two") && Elicited(request.Params, "step2", "color") is { } color)
        {
            return Text(color);
        }

        throw request.Params.RequestState == Seal("one") && Elicited(request.Params, "step1", "name") is not null
            ? Ask(Seal("two"), "step2")
            : Ask(Seal("one"), "step1");
    }

    private static CallToolResult OnlyWhatIsDeclared(RequestContext<CallToolRequestParams> request)
    {
        var declared = request.Server.ClientCapabilities;
        List<string> keys = [];
        if (declared?.Sampling is not null)
        {
            keys.Add("capital_question");
        }

        if (declared?.Elicitation is not null)
        {
            keys.Add("user_name");
        }

        return keys.Count > 0 ? Answered(request, null, [.. keys]) : Text("Nothing can be asked.");
    }

    private static CallToolResult NeedsSampling(RequestContext<CallToolRequestParams> request) => request.Server.ClientCapabilities?.Sampling is null
        ? throw new MissingRequiredClientCapabilityException(new ClientCapabilities { Sampling = new SamplingCapability() })
        : Text("The client has sampling.");

    private static CallToolResult Text(string text) => new() { Content = [new TextContentBlock { Text = text }] };

    private static string Seal(string state) => Convert.ToHexStringLower(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(state)));

    private static void CheckSeal(string? presented, string? expected)
    {
        if (presented != expected)
        {
            throw new McpProtocolException("requestState is not what the server sent.", McpErrorCode.InvalidParams);
        }
    }
}
