using AiPlatform.McpServer.Auth;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>The first steps of every request to the endpoint: address, origin, identity, and then the caller's limits.</summary>
internal sealed class CallerGate(HostAndOriginGuard guard, KeyAuthentication authentication, KeyRateLimiter limiter, ILogger<CallerGate> logger)
{
    private static readonly RpcFault TooMany = new(
        StatusCodes.Status429TooManyRequests, RpcErrors.Refused, "rate_limited", "Too many requests for this key's tier. Wait for the time in Retry-After.");

    /// <summary>The caller; null when the refusal has been written.</summary>
    public async ValueTask<Caller?> AdmitAsync(HttpContext http)
    {
        if (guard.Check(http.Request) is { } foreign)
        {
            await RefuseAsync(http, foreign);
            return null;
        }

        var outcome = await authentication.AuthenticateAsync(http.Request.Headers, http.RequestAborted);
        if (outcome.Caller is null)
        {
            if (outcome.Status == StatusCodes.Status401Unauthorized)
            {
                http.Response.Headers.WWWAuthenticate = outcome.Code == "api_key_missing"
                    ? "Bearer realm=\"aiplatform\""
                    : "Bearer realm=\"aiplatform\", error=\"invalid_token\"";
            }

            await RefuseAsync(http, new RpcFault(outcome.Status, RpcErrors.Refused, outcome.Code, outcome.Message));
        }

        return outcome.Caller;
    }

    /// <summary>Counts the request; false when the refusal has been written.</summary>
    public async ValueTask<bool> CountAsync(HttpContext http, Caller caller)
    {
        var decision = limiter.Take(caller.Subject, caller.Scope.Tier);
        RateHeaders.Write(http.Response.Headers, decision);
        if (!decision.Allowed)
        {
            await RefuseAsync(http, TooMany);
        }

        return decision.Allowed;
    }

    private Task RefuseAsync(HttpContext http, RpcFault fault)
    {
        Log.RequestRefused(logger, fault.Code);
        return RpcErrorResponse.WriteAsync(http, fault);
    }
}
