using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>One read of one catalog by one scope.</summary>
/// <param name="View">The index as the scope sees it.</param>
/// <param name="Scope">Who asks.</param>
/// <param name="Index">The index.</param>
/// <param name="IsSystem">Whether the scope sees everything.</param>
internal sealed record CatalogAsk(ScopedIndex View, AccessScope Scope, LiveIndex Index, bool IsSystem)
{
    /// <summary>The one answer for a catalog that does not exist and for one that the scope sees nothing of.</summary>
    public static CatalogRequestException Unknown() => new(CatalogErrors.UnknownCatalog, "catalog", "There is no catalog of this name. Ask for the list of catalogs.");
}
