using System.Globalization;
using AiPlatform.McpServer.Auth;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>The first steps of every request to the endpoint: address, origin, identity, the key's limits, and then what the caller narrows itself to.</summary>
internal sealed class CallerGate(HostAndOriginGuard guard, KeyAuthentication authentication, FailedKeyLimiter failures, ILogger<CallerGate> logger)
{
    /// <summary>The caller; null when the refusal has been written.</summary>
    public async ValueTask<Caller?> AdmitAsync(HttpContext http)
    {
        if (guard.Check(http.Request) is { } foreign)
        {
            await RefuseAsync(http, foreign);
            return null;
        }

        var outcome = await authentication.AuthenticateAsync(http.Request.Headers, http.RequestAborted);
        if (outcome.Code == AuthenticationOutcome.KeyInvalid.Code && failures.Take(http.Connection.RemoteIpAddress) is { Allowed: false } failed)
        {
            http.Response.Headers.RetryAfter = failed.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            outcome = AuthenticationOutcome.TooManyFailures;
        }

        if (outcome.Rate is { } rate)
        {
            RateHeaders.Write(http.Response.Headers, rate);
        }

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

    private Task RefuseAsync(HttpContext http, RpcFault fault)
    {
        Log.RequestRefused(logger, fault.Code);
        return RpcErrorResponse.WriteAsync(http, fault);
    }
}
