using System.Text.Json;
using AiPlatform.McpServer.Mcp;

namespace AiPlatform.McpServer.Operations;

/// <summary><c>GET /health</c>: open to everybody, and so says nothing about keys, catalogs' names or their sizes.</summary>
internal static class HealthEndpoint
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var state = routes.ServiceProvider.GetRequiredService<ReadyState>();
        routes.MapGet("/health", (RequestDelegate)(http => AnswerAsync(http, state.IsReady)));
    }

    private static async Task AnswerAsync(HttpContext http, bool ready)
    {
        http.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", ready ? "healthy" : "starting");
        json.WriteString("version", ServerIdentity.Version);
        json.WriteStartObject("catalogs");
        json.WriteBoolean("ready", ready);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
