using AiPlatform.McpServer.Mcp.Http;

namespace AiPlatform.McpServer.Operations;

/// <summary><c>GET /</c>: tells a person what this is and how to connect.</summary>
internal static class HomePage
{
    public static void MapHome(this IEndpointRouteBuilder routes) => routes.MapGet("/", (RequestDelegate)AnswerAsync);

    private static Task AnswerAsync(HttpContext http)
    {
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(
            $"""
            AiPlatform: product search for AI assistants, filtered by what the caller's groups may see.

            MCP (Streamable HTTP)   {McpEndpoint.Path}      with the header X-API-Key or Authorization: Bearer
            Health                  /health

            In development the server prints demo keys and a ready client configuration when it first starts.
            A key of your own:      dotnet run --project src/McpServer -- keys create --name NAME --group GROUP
            Without any client:     dotnet run --project src/McpServer -- search "QUESTION"

            """);
    }
}
