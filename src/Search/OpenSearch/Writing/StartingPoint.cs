using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.State;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>Whether there is something to build on.</summary>
internal static class StartingPoint
{
    /// <summary>Logs what is wrong with the alias, and refuses what cannot be built on it before anything is read.</summary>
    /// <exception cref="InvalidDataException">An incremental build of a catalog whose live generation is lost.</exception>
    public static void Check(WriteContext context, CatalogBuildRequest request, ResolvedState before)
    {
        if (before.Lost && request.Incremental)
        {
            throw Refused(context, request.Catalog, before);
        }

        foreach (var problem in before.Problems(context.Names.Alias(request.Catalog)))
        {
            if (before.Lost)
            {
                Log.StateLost(context.Logger, request.Catalog, problem);
            }
            else
            {
                Log.AliasOnSeveral(context.Logger, request.Catalog, problem);
            }
        }
    }

    /// <summary>What is told of an incremental build without a live generation.</summary>
    public static InvalidDataException Refused(WriteContext context, string catalog, ResolvedState before) =>
        new($"The live generation of '{catalog}' cannot be read, so an incremental build would lose it. {before.Problems(context.Names.Alias(catalog))[0]}");
}
