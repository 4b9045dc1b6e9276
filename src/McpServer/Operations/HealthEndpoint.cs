using System.Text.Json;
using AiPlatform.McpServer.Mcp;

namespace AiPlatform.McpServer.Operations;

/// <summary><c>GET /health</c>: open to everybody, and so says nothing about keys, catalogs' names or their sizes.</summary>
internal static class HealthEndpoint
{
    /// <summary>Why the worker is not ready. What exactly is in the log of this process only: it may name catalogs and machines.</summary>
    public const string WorkerReason = "worker_cannot_work";

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var state = routes.ServiceProvider.GetRequiredService<ReadyState>();
        var health = routes.ServiceProvider.GetRequiredService<PlatformHealth>();
        routes.MapGet("/health", (RequestDelegate)(async http => await AnswerAsync(http, state.IsReady ? await health.LookAsync() : null)));
    }

    /// <summary>The state in one word.</summary>
    /// <param name="report">The last look; null while the server starts.</param>
    public static string StatusOf(HealthReport? report) => report is null ? "starting" : report.Healthy ? "healthy" : "degraded";

    private static async Task AnswerAsync(HttpContext http, HealthReport? report)
    {
        http.Response.StatusCode = report is { Serves: true } ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", StatusOf(report));
        json.WriteString("version", ServerIdentity.Version);
        json.WriteStartObject("catalogs");
        json.WriteBoolean("ready", report is { Catalogs: true });
        json.WriteEndObject();
        json.WriteStartObject("storage");
        json.WriteBoolean("ready", report is { Storage: true });
        json.WriteEndObject();
        json.WriteStartObject("worker");
        json.WriteBoolean("ready", report is { Worker: true });
        if (report is { Worker: false })
        {
            json.WriteString("reason", WorkerReason);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
