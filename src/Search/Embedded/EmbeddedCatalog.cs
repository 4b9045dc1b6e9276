using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Embedded.Querying;
using AiPlatform.Search.Querying;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.Embedded;

/// <summary>
/// The in-process engine: memory-mapped segments in a folder, read by any number of threads and swapped by one writer. Reads need no
/// lock; a scope's first read of a generation makes its view, O(products). Dispose when no read is running.
/// </summary>
public sealed class EmbeddedCatalog : ICatalogIndex, ICatalogStore, IDisposable
{
    private readonly OpenCatalogs _catalogs;
    private readonly ILogger<EmbeddedCatalog> _logger;
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
        _logger = logger;
        _directories = directories;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CatalogInfo>> ListCatalogsAsync(AccessScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var visible = new List<CatalogInfo>();
        foreach (var name in _catalogs.Names())
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var read = CatalogRead.TryBegin(_catalogs, scope, name);
            if (read is not null)
            {
                visible.Add(new CatalogInfo(name, read.View.Count, read.Generation.Number, read.Generation.Files.Info.EmbeddingModel));
            }
        }

        return ValueTask.FromResult<IReadOnlyList<CatalogInfo>>(visible);
    }

    /// <inheritdoc/>
    public async ValueTask<ProductPage> SearchAsync(AccessScope scope, ProductQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(query);
        query = QueryChecks.Checked(query);
        using var read = CatalogRead.Begin(_catalogs, scope, query.Catalog);
        ReadOnlyMemory<float> vector = default;
        string? degraded = null;
        if (query.Mode != SearchMode.Lexical && query.Text.Length > 0 && read.Generation.Dimensions > 0)
        {
            (vector, degraded) = await EmbedAsync(read, query, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Guarded(read, query, (r, q) => new SearchRun(r, _catalogs, scope, q).Run(vector.Span)) with { Degraded = degraded };
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Product>> GetAsync(AccessScope scope, string catalog, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(ids);
        QueryChecks.InRange("ids", ids.Count, CatalogLimits.Ids);
        using var read = CatalogRead.Begin(_catalogs, scope, catalog);
        var products = new List<Product>(ids.Count);
        foreach (var id in ids)
        {
            var ordinal = read.View.Find(id);
            if (ordinal >= 0)
            {
                products.Add(read.Generation.Product(ordinal));
            }
        }

        return ValueTask.FromResult<IReadOnlyList<Product>>(products);
    }

    /// <inheritdoc/>
    public ValueTask<ProductPage> FindSimilarAsync(AccessScope scope, SimilarQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(query);
        query = QueryChecks.Checked(query);
        using var read = CatalogRead.Begin(_catalogs, scope, query.Catalog);
        return ValueTask.FromResult(Guarded(read, query, (r, q) => SimilarRun.Run(r, _catalogs.Options.Ranking, q)));
    }

    /// <inheritdoc/>
    public ValueTask<FacetOverview> ListFacetsAsync(AccessScope scope, FacetQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(query);
        query = QueryChecks.Checked(query);
        using var read = CatalogRead.Begin(_catalogs, scope, query.Catalog);
        return ValueTask.FromResult(Guarded(read, query, FacetRun.Run));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<FacetValueMatch>> FindFacetValuesAsync(AccessScope scope, FacetValueQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(query);
        cancellationToken.ThrowIfCancellationRequested();
        query = QueryChecks.Checked(query);
        using var read = CatalogRead.Begin(_catalogs, scope, query.Catalog);
        return ValueTask.FromResult(FacetValueFinder.Find(read.View, query, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Suggestion>> SuggestAsync(AccessScope scope, SuggestQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(query);
        QueryChecks.InRange("size", query.Size, CatalogLimits.Suggestions);
        QueryChecks.Length("prefix", query.Prefix);
        using var read = CatalogRead.Begin(_catalogs, scope, query.Catalog);
        return ValueTask.FromResult(Suggester.Suggest(read.View, query.Prefix, query.Size));
    }

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

    private static TAnswer Guarded<TQuery, TAnswer>(CatalogRead read, TQuery query, Func<CatalogRead, TQuery, TAnswer> run)
    {
        try
        {
            return run(read, query);
        }
        catch
        {
            SearchScratch.Discard();
            throw;
        }
    }

    private async ValueTask<(ReadOnlyMemory<float> Vector, string? Degraded)> EmbedAsync(CatalogRead read, ProductQuery query, CancellationToken cancellationToken)
    {
        if (read.Live.Embedder is not { } embedder)
        {
            return (default, "embedding_model_not_configured");
        }

        try
        {
            return (await embedder.EmbedQueryAsync(query.Text, cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Any failure of a remote model costs the vector leg only: words still answer, and the answer says so.
            Log.EmbeddingFailed(_logger, query.Catalog, e);
            return (default, "vector_leg_unavailable");
        }
    }
}
