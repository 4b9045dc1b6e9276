using AiPlatform.Core.Access;

namespace AiPlatform.Core.Catalog;

/// <summary>Writes of the product index: builds a new generation beside the live one and swaps it in atomically. One build a catalog at a time.</summary>
public interface ICatalogStore
{
    /// <summary>Names of the catalogs that have ever had a generation, in order. Looks at no index, so it is cheap and answers damaged catalogs, too.</summary>
    /// <param name="system">A system scope.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<IReadOnlyList<string>> CatalogNamesAsync(AccessScope system, CancellationToken cancellationToken);

    /// <summary>The generations kept, newest first; the first is live. Empty for an unknown catalog.</summary>
    /// <param name="system">A system scope.</param>
    /// <param name="catalog">Catalog name.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<IReadOnlyList<GenerationInfo>> ListGenerationsAsync(AccessScope system, string catalog, CancellationToken cancellationToken);

    /// <summary>Starts a build on top of the live generation (or from nothing). Files written by an abandoned build are removed.</summary>
    /// <exception cref="CatalogBusyException">Another build of the catalog is running, in this process or another.</exception>
    ValueTask<ICatalogBuild> BeginBuildAsync(AccessScope system, CatalogBuildRequest request, CancellationToken cancellationToken);

    /// <summary>Makes the previous generation live again, as a new generation number.</summary>
    /// <exception cref="CatalogRequestException">There is no previous generation.</exception>
    ValueTask<GenerationInfo> RollbackAsync(AccessScope system, string catalog, CancellationToken cancellationToken);

    /// <summary>Reads every file of the live generation and checks its checksums. Answers the problems found, none when it is sound.</summary>
    ValueTask<IReadOnlyList<string>> VerifyAsync(AccessScope system, string catalog, CancellationToken cancellationToken);
}
