using System.Globalization;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Auth.OAuth;
using AiPlatform.McpServer.Mcp.Auditing;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>The first steps of every request to the endpoint: address, origin, identity, the caller's limits, and then what the caller narrows itself to.</summary>
internal sealed class CallerGate(HostAndOriginGuard guard, CallerAuthentication authentication, FailedCredentialLimiter failures, BearerChallenge challenge, CallLog calls, ILogger<CallerGate> logger)
{
    /// <summary>The caller of a message; null when the refusal has been written.</summary>
    public ValueTask<Caller?> AdmitAsync(HttpContext http) => AdmitAsync(http, fault => RpcErrorResponse.WriteAsync(http, fault));

    /// <summary>The caller; null when the refusal has been written.</summary>
    /// <param name="http">The request.</param>
    /// <param name="write">Writes a refusal in the form of this door.</param>
    public async ValueTask<Caller?> AdmitAsync(HttpContext http, Func<RpcFault, Task> write)
    {
        if (guard.Check(http.Request) is { } foreign)
        {
            await RefuseAsync(http, null, foreign, write);
            return null;
        }

        CrossOriginAccess.AllowReading(http);
        var outcome = await authentication.AuthenticateAsync(http.Request.Headers, http.RequestAborted);
        var headers = http.Response.Headers;
        if (outcome.IsWrongCredential && failures.Take(http.Connection.RemoteIpAddress) is { Allowed: false } failed)
        {
            headers.RetryAfter = failed.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            outcome = AuthenticationOutcome.TooManyFailures;
        }

        if (outcome.Rate is { } rate)
        {
            RateHeaders.Write(headers, rate);
        }

        if (outcome.Caller is null)
        {
            switch (outcome.Status)
            {
                case StatusCodes.Status401Unauthorized:
                    headers.WWWAuthenticate = outcome.IsWrongCredential ? challenge.Invalid : challenge.Missing;
                    break;
                case StatusCodes.Status503ServiceUnavailable:
                    headers.RetryAfter = ((int)JwksCache.RetryInterval.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                    break;
                default:
                    break;
            }

            await RefuseAsync(http, outcome.Subject, new RpcFault(outcome.Status, RpcErrors.Refused, outcome.Code, outcome.Message), write);
        }

        return outcome.Caller;
    }

    private async Task RefuseAsync(HttpContext http, string? subject, RpcFault fault, Func<RpcFault, Task> write)
    {
        Log.RequestRefused(logger, fault.Code);
        await calls.RefusedAtTheDoorAsync(http.Connection.RemoteIpAddress, subject, fault.Code);
        await write(fault);
    }
}
