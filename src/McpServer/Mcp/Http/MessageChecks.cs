using AiPlatform.McpServer.Auth;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>What is looked at before a well-formed message is handled: its revision, what it says about itself, its parameters, and whether the caller's token goes far enough.</summary>
internal sealed class MessageChecks(ParameterHeaders parameters, StepUpGate stepUp)
{
    /// <summary>Null when the message may be handled.</summary>
    public RpcFault? Check(HttpContext http, Caller caller, in RpcEnvelope message, string? version) =>
        VersionCheck.Check(version, message)
        ?? (version == ProtocolVersions.Modern ? CheckModern(http, caller, message) : null)
        ?? MethodParameters.Check(message)
        ?? stepUp.Check(http, caller, message);

    private RpcFault? CheckModern(HttpContext http, Caller caller, in RpcEnvelope message) =>
        ModernRequestCheck.Check(message, http.Request.Headers) ?? parameters.Check(message, http.Request.Headers, caller.Scope);
}
