using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Files;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.Embedded;

/// <summary>
/// The in-process engine: memory-mapped segments in a folder, read by any number of threads and swapped by one writer. Reads need no
/// lock; a scope's first read of a generation makes its view, O(products). Dispose when no read is running.
/// </summary>
public sealed class EmbeddedCatalog : ICatalogIndex, ICatalogStore, IDisposable
{
    private readonly OpenCatalogs _catalogs;
    private readonly EmbeddedIndex _index;
    private readonly Func<string, IIndexDirectory> _directories;

    /// <summary>Opens the folder; nothing is read before it is asked for.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="embedders">Finds embedders for queries.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Log.</param>
    public EmbeddedCatalog(EmbeddedCatalogOptions options, IQueryEmbedderSource embedders, TimeProvider time, ILogger<EmbeddedCatalog> logger)
        : this(options, embedders, time, logger, path => new IndexDirectory(path))
    {
    }

    /// <summary>For fault injection: writes go through the given folders.</summary>
    internal EmbeddedCatalog(
        EmbeddedCatalogOptions options, IQueryEmbedderSource embedders, TimeProvider time, ILogger<EmbeddedCatalog> logger, Func<string, IIndexDirectory> directories)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _catalogs = new OpenCatalogs(options, embedders, time, logger);
        _index = new EmbeddedIndex(_catalogs, logger);
        _directories = directories;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CatalogInfo>> ListCatalogsAsync(AccessScope scope, CancellationToken cancellationToken) => _index.ListCatalogsAsync(scope, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ProductPage> SearchAsync(AccessScope scope, ProductQuery query, CancellationToken cancellationToken) => _index.SearchAsync(scope, query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Product>> GetAsync(AccessScope scope, string catalog, IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        _index.GetAsync(scope, catalog, ids, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ProductPage> FindSimilarAsync(AccessScope scope, SimilarQuery query, CancellationToken cancellationToken) => _index.FindSimilarAsync(scope, query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<FacetOverview> ListFacetsAsync(AccessScope scope, FacetQuery query, CancellationToken cancellationToken) => _index.ListFacetsAsync(scope, query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FacetValueMatch>> FindFacetValuesAsync(AccessScope scope, FacetValueQuery query, CancellationToken cancellationToken) =>
        _index.FindFacetValuesAsync(scope, query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Suggestion>> SuggestAsync(AccessScope scope, SuggestQuery query, CancellationToken cancellationToken) => _index.SuggestAsync(scope, query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> CatalogNamesAsync(AccessScope system, CancellationToken cancellationToken)
    {
        Writing.WriteAccess.Demand(system);
        return ValueTask.FromResult<IReadOnlyList<string>>([.. _catalogs.Names().Where(name => File.Exists(Path.Combine(_catalogs.FolderOf(name), Manifest.FileName)))]);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<GenerationInfo>> ListGenerationsAsync(AccessScope system, string catalog, CancellationToken cancellationToken)
    {
        Writing.WriteAccess.Demand(system);
        IReadOnlyList<GenerationInfo> generations = !CatalogName.IsValid(catalog) || !Directory.Exists(_catalogs.FolderOf(catalog))
            ? []
            : [.. Manifest.Load(_directories(_catalogs.FolderOf(catalog))).Generations.Select(g => g.Info)];
        return ValueTask.FromResult(generations);
    }

    /// <inheritdoc/>
    public ValueTask<ICatalogBuild> BeginBuildAsync(AccessScope system, CatalogBuildRequest request, CancellationToken cancellationToken)
    {
        Writing.WriteAccess.Demand(system);
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<ICatalogBuild>(Writing.CatalogBuild.Begin(_catalogs, _directories, request));
    }

    /// <inheritdoc/>
    public ValueTask<GenerationInfo> RollbackAsync(AccessScope system, string catalog, CancellationToken cancellationToken)
    {
        Writing.WriteAccess.Demand(system);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Writing.Rollback.Run(_catalogs, _directories, catalog));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> VerifyAsync(AccessScope system, string catalog, CancellationToken cancellationToken)
    {
        Writing.WriteAccess.Demand(system);
        return ValueTask.FromResult(Writing.Verification.Run(_catalogs, _directories, catalog, cancellationToken));
    }

    /// <inheritdoc/>
    public void Dispose() => _catalogs.Dispose();
}
