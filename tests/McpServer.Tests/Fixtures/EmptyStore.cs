using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>A store without generations, for tests of what stands before it.</summary>
internal sealed class EmptyStore : ICatalogStore
{
    public ValueTask<IReadOnlyList<string>> CatalogNamesAsync(AccessScope system, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>([]);

    public ValueTask<IReadOnlyList<GenerationInfo>> ListGenerationsAsync(AccessScope system, string catalog, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<GenerationInfo>>([]);

    public ValueTask<ICatalogBuild> BeginBuildAsync(AccessScope system, CatalogBuildRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<GenerationInfo> RollbackAsync(AccessScope system, string catalog, CancellationToken cancellationToken) =>
        throw new CatalogRequestException(CatalogErrors.UnknownCatalog, "catalog", "There is no catalog of this name.");

    public ValueTask<IReadOnlyList<string>> VerifyAsync(AccessScope system, string catalog, CancellationToken cancellationToken) => throw new NotSupportedException();
}
