using System.Security.Cryptography;
using System.Text;
using AiPlatform.McpServer.Auth.OAuth;
using AiPlatform.McpServer.Connect;
using AiPlatform.McpServer.Mcp;
using AiPlatform.McpServer.Mcp.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace AiPlatform.McpServer.Operations;

/// <summary>
/// <c>GET /</c>: tells a person what this is and how to connect, as HTML to a browser and as text to anything else. Open to everybody, and so
/// says nothing about keys, groups or catalogs.
/// </summary>
internal static class HomePage
{
    public static void MapHome(this IEndpointRouteBuilder routes)
    {
        var guard = routes.ServiceProvider.GetRequiredService<HostAndOriginGuard>();
        var state = routes.ServiceProvider.GetRequiredService<ReadyState>();
        var health = routes.ServiceProvider.GetRequiredService<PlatformHealth>();
        var signIn = routes.ServiceProvider.GetRequiredService<OAuthResource>() is { IsOn: true } resource ? OAuthResource.MetadataPath + resource.Path : null;
        var publicUrl = routes.ServiceProvider.GetRequiredService<IOptions<McpHttpOptions>>().Value.PublicUrl;
        routes.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)(async http =>
        {
            // The page repeats the name it was asked for, so that must be one of the server's own.
            if (guard.Check(http.Request) is { } foreign)
            {
                await RpcErrorResponse.WriteAsync(http, foreign);
                return;
            }

            await AnswerAsync(http, EndpointOf(http.Request, publicUrl), signIn, state.IsReady ? await health.LookAsync() : null);
        }));
    }

    /// <summary>The address clients are told: the public one, which a proxy may serve, or else the one that was asked, put together from the parts that were checked.</summary>
    private static Uri EndpointOf(HttpRequest request, string publicUrl) => publicUrl.Length > 0
        ? new Uri(publicUrl.TrimEnd('/') + McpEndpoint.Path)
        : new UriBuilder(request.Scheme, request.Host.Host, request.Host.Port ?? -1, McpEndpoint.Path).Uri;

    private static async Task AnswerAsync(HttpContext http, Uri endpoint, string? signIn, HealthReport? report)
    {
        var content = new HomePageContent(endpoint, HealthEndpoint.StatusOf(report), report is { Healthy: true }, ServerIdentity.Version, signIn);
        var html = WantsHtml(http.Request);
        var body = Encoding.UTF8.GetBytes(html ? HomePageHtml.Write(content) : HomePageText.Write(content));
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12))}\"");
        var headers = http.Response.Headers;
        headers.ETag = tag.ToString();

        // The status on it changes: kept, but asked about every time.
        headers.CacheControl = "no-cache";
        headers.Vary = "Accept, Host";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.ContentSecurityPolicy = HomePageHtml.ContentSecurityPolicy;
        headers["Referrer-Policy"] = "no-referrer";
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentType = html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
        http.Response.ContentLength = body.Length;
        if (HttpMethods.IsGet(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    /// <summary>A browser names text/html; curl and scripts take anything, and get text.</summary>
    private static bool WantsHtml(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(range => range.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && range.Quality is not 0);
}
