using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Auth.OAuth;
using AiPlatform.McpServer.Mcp.Tools;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>
/// Decides on a message before anything handles it whether only the token's scopes stand in the way: then the answer says which scopes to come back with.
/// What the caller's groups do not permit either goes on and does not exist, as for everybody.
/// </summary>
internal sealed class StepUpGate(ToolRunner tools, BearerChallenge challenge, IAccessPolicySource policies, TimeProvider time, ILogger<StepUpGate> logger)
{
    /// <summary>Null when the message may be handled. Otherwise the challenge is in the headers already.</summary>
    public RpcFault? Check(HttpContext http, Caller caller, in RpcEnvelope message)
    {
        if (caller.StepUp is null || message.Kind != RpcMessageKind.Request || Permits(message) is not { } permits)
        {
            return null;
        }

        return Check(http, caller, message.Method, permits);
    }

    /// <summary>The same for anything a scope permits or not.</summary>
    /// <param name="http">The request.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="method">What is asked for, in the server's own words.</param>
    /// <param name="permits">Whether a scope may do it.</param>
    public RpcFault? Check(HttpContext http, Caller caller, string method, Func<AccessScope, bool> permits)
    {
        if (caller.StepUp is not { } stepUp || permits(caller.Scope) || stepUp.ScopesFor(permits, SupportedScopes.Of(policies.Current)) is not { } needed)
        {
            return null;
        }

        http.Response.Headers.WWWAuthenticate = challenge.Insufficient(needed);
        var names = string.Join(' ', needed);
        Log.ScopeInsufficient(logger, method, caller.Subject, names);
        return new RpcFault(
            StatusCodes.Status403Forbidden, RpcErrors.Refused, "insufficient_scope", $"The access token does not carry the scopes this needs. Get a token with the scopes: {names}");
    }

    /// <summary>What the message asks of a scope; null when it asks for nothing that a scope could bound.</summary>
    private Func<AccessScope, bool>? Permits(in RpcEnvelope message)
    {
        switch (message.Method)
        {
            case "tools/call" when message.Param("name") is { } name:
                var arguments = RpcEnvelope.Member(message.Params, "arguments");
                return scope => tools.IsPermitted(name, arguments, scope);
            case "resources/read" or "resources/subscribe" or "prompts/get" or "completion/complete":
            case "subscriptions/listen" when WatchesResources(message):
                // All of them speak of products.
                return scope => ProductReaders.Includes(scope, time.GetUtcNow());
            default:
                return null;
        }
    }

    private static bool WatchesResources(in RpcEnvelope listen) =>
        RpcEnvelope.Member(RpcEnvelope.Member(listen.Params, "notifications"), "resourceSubscriptions") is { ValueKind: JsonValueKind.Array } uris && uris.GetArrayLength() > 0;
}
