using AiPlatform.Core.Access;
using AiPlatform.McpServer.Auth;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Auditing;

/// <summary>An audited request on its way through the SDK: it travels with the message, so that whoever learns the outcome can say it.</summary>
/// <param name="caller">Who asks.</param>
/// <param name="method">The method.</param>
/// <param name="name">What is asked for, as <see cref="CallRecord.Name"/>.</param>
/// <param name="begun">Timestamp of its begin.</param>
internal sealed class McpCall(Caller caller, string method, string name, long begun)
{
    /// <summary>Key of the call among the items of an MCP message.</summary>
    public const string ItemKey = "aiplatform.call";

    private int _ended;

    public Caller Caller => caller;

    public string Method => method;

    public string Name => name;

    public long Begun => begun;

    /// <summary>What is recorded as its outcome unless it fails.</summary>
    public string Outcome { get; set; } = CallRecord.Ok;

    /// <summary>True the first time: a call is recorded once, whoever notices its end first.</summary>
    public bool TryEnd() => Interlocked.Exchange(ref _ended, 1) == 0;

    /// <summary>The call of a message; null when the message is none that is recorded.</summary>
    public static McpCall? Of(JsonRpcMessage message) => message.Context?.Items is { } items && items.TryGetValue(ItemKey, out var call) ? call as McpCall : null;

    /// <summary>The call that a handler works on; null for none.</summary>
    public static McpCall? Of(MessageContext request) => request.Items.TryGetValue(ItemKey, out var call) ? call as McpCall : null;
}
