using AiPlatform.Core.Access;
using AiPlatform.Indexer.Jobs;
using AiPlatform.McpServer.Rest.Reindexing;

namespace AiPlatform.McpServer.Rest;

/// <summary>Every route of REST, with the right it is about.</summary>
internal static class RestRoutes
{
    public const string Base = "/api/v1";

    public static IServiceCollection AddRest(this IServiceCollection services)
    {
        services.AddSingleton<RestDoor>();
        services.AddSingleton<ReindexResource>();
        return services;
    }

    public static void MapRest(this IEndpointRouteBuilder routes)
    {
        var door = routes.ServiceProvider.GetRequiredService<RestDoor>();
        var reindex = routes.ServiceProvider.GetRequiredService<ReindexResource>();
        var jobs = routes.ServiceProvider.GetRequiredService<ReindexJobs>();

        Map(HttpMethods.Post, ReindexResource.Path, reindex.StartAsync, [], ReindexPermission.Start);
        Map(HttpMethods.Get, ReindexResource.Path, reindex.ListAsync, ["catalog", "page", "limit"], ReindexPermission.Read);
        Map(HttpMethods.Get, ReindexResource.Path + "/{id}", reindex.GetAsync, ["wait"], ReindexPermission.Read, ReindexPermission.Start);
        Map(HttpMethods.Post, ReindexResource.Path + "/{id}/cancel", reindex.CancelAsync, [], ReindexPermission.Cancel, ReindexPermission.Start);
        Map(HttpMethods.Get, Base + "/catalogs/{catalog}/generations", reindex.GenerationsAsync, [], ReindexPermission.Read);
        Map(HttpMethods.Post, Base + "/catalogs/{catalog}/rollback", reindex.RollbackAsync, [], ReindexPermission.Rollback);

        void Map(string method, string path, Func<RestRequest, ValueTask<RestAnswer>> handle, string[] query, params string[] rights)
        {
            ValueTask<RestAnswer> AnswerAsync(RestRequest request)
            {
                request.AllowOnlyQuery(query);
                return handle(request);
            }

            bool IsPermitted(AccessScope scope) => rights.Any(right => jobs.IsOffered(scope, right));
            routes.MapMethods(path, [method], (RequestDelegate)(http => door.HandleAsync(http, $"{method} {path}", IsPermitted, AnswerAsync)));
        }
    }
}
