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

    /// <summary>
    /// Waits for an engine that is away, as builds do, so that work which is not urgent begins late instead of failing. An engine in this process is never away: does nothing unless an engine says otherwise.
    /// </summary>
    /// <param name="system">A system scope.</param>
    /// <param name="catalog">The catalog that is to be worked on.</param>
    /// <param name="away">Told of every failure that is waited for; null for nobody.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="CatalogEngineException">It is away for too long, or fails for a reason that does not pass.</exception>
    ValueTask WaitUntilReadyAsync(AccessScope system, string catalog, Action<CatalogEngineException>? away, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Starts a build on top of the live generation (or from nothing). Files written by an abandoned build are removed.</summary>
    /// <exception cref="CatalogBusyException">Another build of the catalog is running, in this process or another.</exception>
    ValueTask<ICatalogBuild> BeginBuildAsync(AccessScope system, CatalogBuildRequest request, CancellationToken cancellationToken);

    /// <summary>Makes the previous generation live again, as a new generation number.</summary>
    /// <exception cref="CatalogRequestException">There is no previous generation.</exception>
    ValueTask<GenerationInfo> RollbackAsync(AccessScope system, string catalog, CancellationToken cancellationToken);

    /// <summary>Reads every file of the live generation and checks its checksums. Answers the problems found, none when it is sound.</summary>
    ValueTask<IReadOnlyList<string>> VerifyAsync(AccessScope system, string catalog, CancellationToken cancellationToken);
}
