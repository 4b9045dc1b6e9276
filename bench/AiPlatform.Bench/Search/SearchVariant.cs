using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Search;

/// <summary>One way of asking, for the engine and for its peer.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Scope">Who asks.</param>
/// <param name="Mode">The legs.</param>
/// <param name="Facets">Whether the count of all matches and the brand facet are wanted.</param>
/// <param name="Peer">The peer's answer to the same question.</param>
internal sealed record SearchVariant(string Name, AccessScope Scope, SearchMode Mode, bool Facets, Action<string> Peer)
{
    private static readonly ImmutableArray<FacetRequest> Brands = [new FacetRequest(ProductFields.Brand)];

    public ProductQuery Query(string catalog, string text) => new()
    {
        Catalog = catalog,
        Text = text,
        Mode = Mode,
        PageSize = 10,
        IncludeProducts = false,
        IncludeTotal = Facets,
        Facets = Facets ? Brands : [],
    };

    public static IReadOnlyList<SearchVariant> All(BenchScopes scopes, Fts5Peer peer)
    {
        var ids = new List<string>(10);
        var brands = new List<FacetValue>();
        var kinds = new (string Name, AccessScope Scope, bool Facets, Action<string> Peer)[]
        {
            ("top-10", scopes.Unfiltered, false, text => peer.Search(text, ids)),
            ("f30", scopes.Thirty, false, text => peer.SearchFiltered(text, thirty: true, ids)),
            ("f1", scopes.One, false, text => peer.SearchFiltered(text, thirty: false, ids)),
            ("f30 + count + brands", scopes.Thirty, true, text => peer.SearchWithBrands(text, thirty: true, ids, brands)),
        };
        return [.. kinds.SelectMany(k => new[] { SearchMode.Lexical, SearchMode.Hybrid }.Select(m => new SearchVariant($"{k.Name}, {m.ToString().ToLowerInvariant()}", k.Scope, m, k.Facets, k.Peer)))];
    }
}
