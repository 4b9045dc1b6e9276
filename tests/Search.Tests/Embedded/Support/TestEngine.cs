using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded;
using AiPlatform.Search.Embedded.Files;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Search.Tests.Embedded.Support;

/// <summary>An engine in a temporary folder, or a second engine (as another process would be) on the folder of the first.</summary>
internal sealed class TestEngine : IDisposable
{
    private readonly bool _ownsFolder;

    public TestEngine(
        string? folder = null, Action<EmbeddedCatalogOptions>? configure = null, IQueryEmbedderSource? embedders = null, Func<string, IIndexDirectory>? directories = null)
    {
        _ownsFolder = folder is null;
        Folder = folder ?? Directory.CreateTempSubdirectory("aip-engine-").FullName;
        var options = new EmbeddedCatalogOptions { Directory = Folder, ReloadCheckMilliseconds = 0 };
        configure?.Invoke(options);
        Catalog = new EmbeddedCatalog(
            options, embedders ?? new QueryEmbedders([]), TimeProvider.System, NullLogger<EmbeddedCatalog>.Instance, directories ?? (p => new FastDirectory(p)));
    }

    public string Folder { get; }

    public EmbeddedCatalog Catalog { get; }

    public string CatalogFolder => Path.Combine(Folder, Given.Catalog);

    public static CatalogBuildRequest Request(string analyzer = "english", string model = "", int dimensions = 0, string note = "") =>
        new(Given.Catalog, note, analyzer, model, dimensions);

    public async Task<ICatalogBuild> BeginAsync(CatalogBuildRequest? request = null) =>
        await Catalog.BeginBuildAsync(Given.System, request ?? Request(), default);

    /// <summary>Builds and commits a generation of exactly these products.</summary>
    public async Task<CatalogBuildReport> BuildAsync(IEnumerable<Product> products, CatalogBuildRequest? request = null, Func<Product, float[]>? embed = null)
    {
        await using var build = await BeginAsync(request);
        foreach (var product in products)
        {
            await build.PutAsync(Given.Indexed(product, embed?.Invoke(product) ?? default(ReadOnlyMemory<float>)), default);
        }

        var report = await build.FinishAsync(deleteOthers: true, default);
        await build.CommitAsync(default);
        return report;
    }

    public Task<ProductPage> SearchAsync(AccessScope scope, ProductQuery query) => Catalog.SearchAsync(scope, query, default).AsTask();

    public Task<ProductPage> SearchAsync(AccessScope scope, string text, SearchMode mode = SearchMode.Lexical) =>
        SearchAsync(scope, new ProductQuery { Catalog = Given.Catalog, Text = text, Mode = mode });

    /// <summary>Ids of all pages, as they come.</summary>
    public async Task<List<string>> AllIdsAsync(AccessScope scope, ProductQuery query)
    {
        var ids = new List<string>();
        do
        {
            var page = await SearchAsync(scope, query);
            ids.AddRange(page.Hits.Select(h => h.Id));
            query = query with { Cursor = page.NextCursor };
        }
        while (query.Cursor is not null);
        return ids;
    }

    /// <summary>Everything the scope sees, sorted; empty where the catalog is unknown to it.</summary>
    public async Task<string[]> VisibleIdsAsync(AccessScope scope)
    {
        try
        {
            var ids = await AllIdsAsync(scope, new ProductQuery { Catalog = Given.Catalog, PageSize = CatalogLimits.PageSize, IncludeProducts = false });
            return [.. ids.Order(StringComparer.Ordinal)];
        }
        catch (CatalogRequestException e) when (e.Code == CatalogErrors.UnknownCatalog)
        {
            return [];
        }
    }

    public async Task<IReadOnlyList<string>> VerifyAsync() => await Catalog.VerifyAsync(Given.System, Given.Catalog, default);

    public string[] Files() => [.. Directory.EnumerateFiles(CatalogFolder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        Catalog.Dispose();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
