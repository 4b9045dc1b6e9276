using AiPlatform.McpServer.Auth;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>
/// Lets pages of allowed origins call the endpoint and read its answers (CORS). Never every origin, and never the browser's own credentials:
/// a page has only the key or token it sends itself.
/// </summary>
internal sealed class CrossOriginAccess(HostAndOriginGuard guard, ILogger<CrossOriginAccess> logger)
{
    private const string Methods = "GET, POST, DELETE";
    private const string MaxAgeSeconds = "600";
    private const string OwnHeaders = "Mcp-";

    private const string RequestHeaders =
        $"Authorization, X-API-Key, Content-Type, Accept, {McpHeaders.SessionId}, {McpHeaders.Method}, {McpHeaders.Name}, {McpHeaders.ProtocolVersion}, {McpHeaders.LastEventId}, X-Group-Context";

    private const string AnswerHeaders = $"{McpHeaders.SessionId}, WWW-Authenticate, Retry-After, {RateHeaders.RemainingMinute}, {RateHeaders.RemainingDay}";

    /// <summary>Says that the page that asks may read the answer. Only for requests the guard has let through.</summary>
    public static void AllowReading(HttpContext http)
    {
        var origin = http.Request.Headers.Origin;
        if (origin.Count > 0)
        {
            http.Response.Headers.AccessControlAllowOrigin = origin;
            http.Response.Headers.AccessControlExposeHeaders = AnswerHeaders;
            http.Response.Headers.Vary = "Origin";
        }
    }

    /// <summary>Answers what a browser asks before it sends a page's request. It carries no key.</summary>
    public Task AnswerPreflightAsync(HttpContext http)
    {
        if (guard.Check(http.Request) is { } foreign)
        {
            Log.RequestRefused(logger, foreign.Code);
            return RpcErrorResponse.WriteAsync(http, foreign);
        }

        var headers = http.Response.Headers;
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        headers.Allow = $"{Methods}, OPTIONS";
        headers.Vary = "Origin";
        if (http.Request.Headers.Origin.Count > 0)
        {
            AllowReading(http);
            headers.AccessControlAllowMethods = Methods;
            headers.AccessControlAllowHeaders = AllowedHeaders(http.Request);
            headers.AccessControlMaxAge = MaxAgeSeconds;
        }

        return Task.CompletedTask;
    }

    /// <summary>The headers of the protocol, and those arguments are mirrored into: their names are the tools'.</summary>
    private static string AllowedHeaders(HttpRequest request)
    {
        var mirrored = request.Headers.AccessControlRequestHeaders.ToString()
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(name => name.StartsWith(OwnHeaders, StringComparison.OrdinalIgnoreCase) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
        return string.Join(", ", mirrored.Prepend(RequestHeaders));
    }
}
