using System.Text.Json;
using AiPlatform.McpServer.Mcp.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Confirmation;

/// <summary>
/// Asks before what cannot be taken back. A client that can put questions to its user is asked, whatever the call says: in 2026-07-28 by an answer that the
/// client completes and sends again, in the older revisions by a request to the client. Of any other client the call itself must say <c>confirm</c>.
/// </summary>
internal sealed class Confirmations(ConfirmationSeals seals)
{
    /// <summary>The question's name, and the name of the one field of its form.</summary>
    public const string Key = "confirm";

    /// <summary>The argument of tools that ask.</summary>
    public const string Schema = """
        "confirm": {"type": "boolean", "default": false, "description": "Say true when you know what will happen and are told to go on. Only for clients that cannot put the question to the person who uses them; any other client is asked all the same."}
        """;

    private const string Declined = "confirmation_declined";
    private const string Required = "confirmation_required";

    /// <summary>Whether the call goes on.</summary>
    /// <exception cref="InputRequiredException">The client is to ask its user first.</exception>
    /// <exception cref="McpProtocolException">What came back belongs to no question that this call would ask.</exception>
    public Confirmed Judge(ToolCall call, ConfirmationQuestion question)
    {
        if (!call.Client.CanAsk)
        {
            return call.Arguments.Flag(Key, otherwise: false) ? default : new Confirmed(ToolError.Create(
                Required, Key, $"{question.Message} Repeat the call with '{Key}': true to go on."));
        }

        var caller = call.Caller.Scope;
        if (call.Client.State is not { } state)
        {
            throw Ask(call, question);
        }

        var id = seals.Open(state, caller, question) ?? throw Unusable();
        if (call.Client.Answer.ValueKind == JsonValueKind.Undefined)
        {
            throw Ask(call, question);
        }

        return !seals.TryUse(id) ? throw Unusable()
            : IsYes(call.Client.Answer) ? new Confirmed(null, id)
            : new Confirmed(ToolError.Create(Declined, null, "The person who was asked did not agree. Nothing was changed."));
    }

    private InputRequiredException Ask(ToolCall call, ConfirmationQuestion question)
    {
        var form = new ElicitRequestParams
        {
            Message = question.Message,
            RequestedSchema = new ElicitRequestParams.RequestSchema
            {
                Properties = { [Key] = new ElicitRequestParams.BooleanSchema { Title = "Yes, go on", Default = false } },
                Required = [Key],
            },
        };
        return new InputRequiredException(
            new Dictionary<string, InputRequest>(StringComparer.Ordinal) { [Key] = InputRequest.ForElicitation(form) }, seals.Make(call.Caller.Scope, question));
    }

    /// <summary>One answer for a state that is forged, of another caller, call or catalog state, expired or used.</summary>
    private static McpProtocolException Unusable() => new(
        "confirmation_unusable: The answer belongs to no open question of this call: it was given for another call or caller, too long ago, once before, or the catalog has changed since. Make the call again without it to be asked anew.",
        McpErrorCode.InvalidParams);

    private static bool IsYes(JsonElement answer) =>
        Member(answer, "action") is { ValueKind: JsonValueKind.String } action && action.ValueEquals("accept") && Member(Member(answer, "content"), Key).ValueKind == JsonValueKind.True;

    private static JsonElement Member(JsonElement element, string name) => Http.RpcEnvelope.Member(element, name);
}
