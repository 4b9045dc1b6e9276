using AiPlatform.Router;

namespace AiPlatform.McpServer.OpenAi;

/// <summary>Every route of the door that speaks OpenAI's protocol.</summary>
internal static class OpenAiRoutes
{
    public static IServiceCollection AddOpenAi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRouter(configuration);
        services.AddSingleton<OpenAiDoor>();
        services.AddSingleton<ChatCompletions>();
        services.AddSingleton<ModelList>();
        return services;
    }

    public static void MapOpenAi(this IEndpointRouteBuilder routes)
    {
        var door = routes.ServiceProvider.GetRequiredService<OpenAiDoor>();
        Map(HttpMethods.Post, ChatCompletions.Path, routes.ServiceProvider.GetRequiredService<ChatCompletions>().AnswerAsync);
        Map(HttpMethods.Get, ModelList.Path, routes.ServiceProvider.GetRequiredService<ModelList>().ListAsync);

        void Map(string method, string path, Func<OpenAiRequest, Task> handle) =>
            routes.MapMethods(path, [method], (RequestDelegate)(http => door.HandleAsync(http, $"{method} {path}", handle)));
    }
}
