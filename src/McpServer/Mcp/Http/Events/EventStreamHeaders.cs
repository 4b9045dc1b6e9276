namespace AiPlatform.McpServer.Mcp.Http.Events;

/// <summary>Headers that keep proxies from holding events back.</summary>
internal static class EventStreamHeaders
{
    public static void Write(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        response.Headers.ContentEncoding = "identity";
        response.Headers["X-Accel-Buffering"] = "no";
    }
}
