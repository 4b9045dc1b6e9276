using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Embedded;

/// <summary>One read of one catalog by one scope: keeps the generation mapped until disposed.</summary>
internal sealed class CatalogRead : IDisposable
{
    private CatalogRead(LiveCatalog live, ScopeView view)
    {
        Live = live;
        View = view;
    }

    public LiveCatalog Live { get; }

    public ScopeView View { get; }

    public CatalogGeneration Generation => Live.Generation;

    /// <summary>Enters.</summary>
    /// <exception cref="CatalogRequestException">There is no such catalog, or the scope sees nothing in it.</exception>
    public static CatalogRead Begin(ILiveCatalogs catalogs, AccessScope scope, string catalog) =>
        TryBegin(catalogs, scope, catalog)
        ?? throw new CatalogRequestException(CatalogErrors.UnknownCatalog, "catalog", "There is no catalog of this name. Ask for the list of catalogs.");

    /// <summary>Null when there is no such catalog or the scope sees nothing in it.</summary>
    public static CatalogRead? TryBegin(ILiveCatalogs catalogs, AccessScope scope, string catalog)
    {
        var filter = scope.ProductsIn(catalog, catalogs.Time.GetUtcNow());
        if (filter is { SeesEverything: false, Branches.IsEmpty: true } || catalogs.Enter(catalog) is not { } live)
        {
            return null;
        }

        try
        {
            var view = live.View(scope.Fingerprint, filter);
            if (view.Count > 0)
            {
                var read = new CatalogRead(live, view);
                live = null;
                return read;
            }
        }
        finally
        {
            live?.Generation.Leave();
        }

        return null;
    }

    public void Dispose() => Live.Generation.Leave();
}
