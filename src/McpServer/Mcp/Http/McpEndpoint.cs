using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp.Auditing;
using AiPlatform.McpServer.Mcp.Http.Events;
using AiPlatform.McpServer.Mcp.Stdio;
using AiPlatform.McpServer.Auth.OAuth;
using AiPlatform.McpServer.Operations;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>
/// The MCP endpoint over HTTP. Stands in for the package ModelContextProtocol.AspNetCore: everything it would bring is in this folder.
/// </summary>
internal static class McpEndpoint
{
    public const string Path = "/mcp";

    public static IServiceCollection AddMcpEndpoint(this IServiceCollection services)
    {
        services.AddOptions<McpHttpOptions>().BindConfiguration(McpHttpOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<McpHttpOptions>, McpHttpOptionsValidator>());
        services.AddSingleton<ReadyState>();
        services.AddSingleton<PlatformHealth>();
        services.AddSingleton<HostAndOriginGuard>();
        services.AddSingleton<CrossOriginAccess>();
        services.AddAccessTokens();
        services.AddSingleton<KeyAuthentication>();
        services.AddSingleton<CallerAdmission>();
        services.AddSingleton<CallerAuthentication>();
        services.AddSingleton<StepUpGate>();
        services.AddSingleton<ScopeMemory>();
        services.AddSingleton<CallerRateLimiter>();
        services.AddSingleton<FailedCredentialLimiter>();
        services.AddSingleton<CallerGate>();
        services.AddOptions<McpListOptions>().BindConfiguration(McpListOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ListPages>();
        services.AddSingleton<CallNames>();
        services.AddSingleton<CallLog>();
        services.AddSingleton<McpServerFactory>();
        services.AddSingleton<EventMemory>();
        services.AddSingleton<CallerWatch>();
        services.AddSingleton<LegacySessions>();
        services.AddSingleton<DirectToolCall>();
        services.AddSingleton<ParameterHeaders>();
        services.AddSingleton<MessageChecks>();
        services.AddSingleton<McpPost>();
        services.AddSingleton<McpStream>();
        services.AddSingleton<StdioServer>();
        services.AddSingleton<IMcpFeature, StdioCancellations>();
        return services;
    }

    public static IEndpointRouteBuilder MapMcp(this IEndpointRouteBuilder routes)
    {
        var post = routes.ServiceProvider.GetRequiredService<McpPost>();
        var stream = routes.ServiceProvider.GetRequiredService<McpStream>();
        routes.MapPost(Path, (RequestDelegate)post.HandleAsync);
        routes.MapGet(Path, (RequestDelegate)stream.OpenAsync);
        routes.MapDelete(Path, (RequestDelegate)stream.EndAsync);
        routes.MapMethods(Path, [HttpMethods.Options], (RequestDelegate)routes.ServiceProvider.GetRequiredService<CrossOriginAccess>().AnswerPreflightAsync);
        return routes;
    }
}
