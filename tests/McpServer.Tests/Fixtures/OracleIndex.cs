using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>
/// A brute-force index over lists in memory: the oracle of what an answer may hold. Every read walks the visible products only, as
/// <see cref="ProductFilter.IsVisible"/> says, so a product out of sight cannot touch totals, counts or suggestions.
/// </summary>
internal sealed class OracleIndex(IReadOnlyDictionary<string, IReadOnlyList<Product>> catalogs, TimeProvider time) : ICatalogIndex
{
    private const long Generation = 1;

    public List<Product> Visible(AccessScope scope, string catalog)
    {
        if (!catalogs.TryGetValue(catalog, out var products))
        {
            throw Unknown();
        }

        var filter = scope.ProductsIn(catalog, time.GetUtcNow());
        var visible = products.Where(filter.IsVisible).ToList();
        return visible.Count > 0 ? visible : throw Unknown();
    }

    public ValueTask<IReadOnlyList<CatalogInfo>> ListCatalogsAsync(AccessScope scope, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        IReadOnlyList<CatalogInfo> list =
        [
            .. catalogs.OrderBy(c => c.Key, StringComparer.Ordinal)
                .Select(c => new CatalogInfo(c.Key, c.Value.Count(scope.ProductsIn(c.Key, now).IsVisible), Generation, "oracle"))
                .Where(c => c.VisibleProducts > 0),
        ];
        return ValueTask.FromResult(list);
    }

    public ValueTask<ProductPage> SearchAsync(AccessScope scope, ProductQuery query, CancellationToken cancellationToken)
    {
        if (query.PageSize is < 1 or > CatalogLimits.PageSize)
        {
            throw new CatalogRequestException(CatalogErrors.OutOfRange, "page_size", "The page size is out of range.");
        }

        var terms = Terms(query.Text);
        var ranked = Visible(scope, query.Catalog)
            .Where(p => Passes(p, query.Filters))
            .Select(p => (Product: p, Score: terms.Count == 0 ? 1 : terms.Count(t => Terms($"{p.Name} {p.Description} {p.Brand} {p.Class}").Contains(t))))
            .Where(p => p.Score > 0);
        var ordered = Order(ranked, query.Sort).ToList();
        var start = Start(scope, query);
        var page = ordered.Skip(start).Take(query.PageSize).ToList();
        var next = start + page.Count < ordered.Count ? Cursor(scope, query, start + page.Count) : null;
        return ValueTask.FromResult(new ProductPage
        {
            Hits = [.. page.Select(p => new ProductHit(p.Product.Id, p.Score, p.Product, []))],
            Total = ordered.Count,
            Facets = Count(ordered.ConvertAll(p => p.Product), query.Facets),
            NextCursor = next,
            Generation = Generation,
        });
    }

    public ValueTask<IReadOnlyList<Product>> GetAsync(AccessScope scope, string catalog, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var visible = Visible(scope, catalog).ToDictionary(p => p.Id, StringComparer.Ordinal);
        return ValueTask.FromResult<IReadOnlyList<Product>>([.. ids.Where(visible.ContainsKey).Select(id => visible[id])]);
    }

    public ValueTask<ProductPage> FindSimilarAsync(AccessScope scope, SimilarQuery query, CancellationToken cancellationToken)
    {
        var visible = Visible(scope, query.Catalog);
        var subject = visible.Find(p => p.Id == query.Id)
            ?? throw new CatalogRequestException(CatalogErrors.NotFound, "id", $"No product {query.Id}.");
        var hits = visible.Where(p => p.Id != subject.Id && p.Class == subject.Class && Passes(p, query.Filters)).Take(query.Size);
        return ValueTask.FromResult(new ProductPage { Hits = [.. hits.Select(p => new ProductHit(p.Id, 1, p, []))], Generation = Generation });
    }

    public ValueTask<FacetOverview> ListFacetsAsync(AccessScope scope, FacetQuery query, CancellationToken cancellationToken)
    {
        var terms = Terms(query.Text);
        var matching = Visible(scope, query.Catalog)
            .Where(p => Passes(p, query.Filters) && (terms.Count == 0 || terms.Overlaps(Terms(p.Name))))
            .ToList();
        var facets = query.Facets.IsEmpty
            ? [.. ProductFields.BuiltIn.Where(f => f != ProductFields.Id).Select(f => new FacetRequest(f))]
            : query.Facets;
        return ValueTask.FromResult(new FacetOverview(matching.Count, Count(matching, facets), Generation));
    }

    public ValueTask<IReadOnlyList<Suggestion>> SuggestAsync(AccessScope scope, SuggestQuery query, CancellationToken cancellationToken)
    {
        IReadOnlyList<Suggestion> suggestions =
        [
            .. Visible(scope, query.Catalog)
                .SelectMany(p => Terms(p.Name).Select(t => (Term: t, p.Id)))
                .Where(t => t.Term.StartsWith(query.Prefix, StringComparison.OrdinalIgnoreCase))
                .GroupBy(t => t.Term, StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Take(query.Size)
                .Select(g => new Suggestion(g.Key, "term", g.Count())),
        ];
        return ValueTask.FromResult(suggestions);
    }

    public ValueTask<IReadOnlyList<FacetValueMatch>> FindFacetValuesAsync(AccessScope scope, FacetValueQuery query, CancellationToken cancellationToken)
    {
        var visible = Visible(scope, query.Catalog);
        var field = query.Field is null ? null : ProductFields.Canonical(query.Field);
        if (field == ProductFields.Id)
        {
            return ValueTask.FromResult<IReadOnlyList<FacetValueMatch>>(
                [.. visible.Select(p => p.Id).Where(id => id.StartsWith(query.Text, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(query.Size)
                    .Select(id => new FacetValueMatch(id, 1, id == query.Text ? FacetMatch.Exact : FacetMatch.Prefix))]);
        }

        var values = field is null
            ? visible.SelectMany(p => p.Specifications.Keys.Select(Keyword.Normalize).Distinct(StringComparer.Ordinal))
            : visible.SelectMany(p => ProductFields.Values(p, field).Distinct(StringComparer.Ordinal));
        var matcher = new FacetValueMatcher(field, query.Text);
        IReadOnlyList<FacetValueMatch> found =
        [
            .. values.GroupBy(v => v, StringComparer.Ordinal)
                .Select(g => (g.Key, Count: g.Count(), Match: matcher.Find(g.Key), Edits: matcher.Edits(g.Key)))
                .Where(v => v.Match is not null || v.Edits >= 0)
                .OrderBy(v => v.Match ?? FacetMatch.Near).ThenBy(v => v.Match is null ? v.Edits : 0).ThenByDescending(v => v.Count).ThenBy(v => v.Key, StringComparer.Ordinal)
                .Take(query.Size)
                .Select(v => new FacetValueMatch(Written(visible, field, v.Key), v.Count, v.Match ?? FacetMatch.Near)),
        ];
        return ValueTask.FromResult(found);
    }

    private static string Written(List<Product> visible, string? field, string value) => field is null
        ? value
        : visible.OrderBy(p => p.Id, StringComparer.Ordinal).SelectMany(p => ProductFields.Raw(p, field)).First(raw => Keyword.Normalize(raw) == value).Trim();

    private static IEnumerable<(Product Product, int Score)> Order(IEnumerable<(Product Product, int Score)> hits, ProductSort sort) => sort switch
    {
        ProductSort.PriceAscending => hits.OrderBy(p => p.Product.Price ?? decimal.MaxValue).ThenBy(p => p.Product.Id, StringComparer.Ordinal),
        ProductSort.PriceDescending => hits.OrderByDescending(p => p.Product.Price ?? decimal.MinValue).ThenBy(p => p.Product.Id, StringComparer.Ordinal),
        ProductSort.Rating => hits.OrderByDescending(p => p.Product.Rating ?? -1).ThenBy(p => p.Product.Id, StringComparer.Ordinal),
        ProductSort.Newest => hits.OrderByDescending(p => p.Product.ReleasedAt ?? DateTimeOffset.MinValue).ThenBy(p => p.Product.Id, StringComparer.Ordinal),
        _ => hits.OrderByDescending(p => p.Score).ThenBy(p => p.Product.Id, StringComparer.Ordinal),
    };

    private static bool Passes(Product product, ImmutableArray<QueryFilter> filters) => filters.All(f =>
    {
        var values = ProductFields.Values(product, ProductFields.Canonical(f.Field)).ToList();
        return f.Operator switch
        {
            QueryFilterOperator.In => values.Intersect(f.Values.Select(Keyword.Normalize), StringComparer.Ordinal).Any(),
            QueryFilterOperator.Range => values.Any(v => SpecificationNumber.TryParse(v, out var n) && (f.Min is null || n >= f.Min) && (f.Max is null || n <= f.Max)),
            _ => values.Count > 0,
        };
    });

    private static ImmutableArray<Facet> Count(List<Product> products, ImmutableArray<FacetRequest> requests) =>
    [
        .. requests.Select(request =>
        {
            var field = ProductFields.Canonical(request.Field);
            var values = products.SelectMany(p => ProductFields.Values(p, field).Distinct(StringComparer.Ordinal)).GroupBy(v => v, StringComparer.Ordinal)
                .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => new FacetValue(g.Key, g.Count())).ToList();
            if (field is not (ProductFields.Price or ProductFields.Rating))
            {
                return new Facet(field, [.. values.Take(request.Size)], values.Count, null, null);
            }

            var numbers = values.ConvertAll(v => decimal.Parse(v.Value, CultureInfo.InvariantCulture));
            return new Facet(field, [], values.Count, numbers.Count > 0 ? numbers.Min() : null, numbers.Count > 0 ? numbers.Max() : null);
        }),
    ];

    private static HashSet<string> Terms(string text) =>
        [.. new string([.. text.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    private static string Cursor(AccessScope scope, ProductQuery query, int start) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{start}|{scope.Fingerprint}|{scope.Subject}|{query.Text}|{query.Sort}"));

    private static int Start(AccessScope scope, ProductQuery query)
    {
        if (query.Cursor is null)
        {
            return 0;
        }

        try
        {
            var start = Encoding.UTF8.GetString(Convert.FromBase64String(query.Cursor)).Split('|')[0];
            if (int.TryParse(start, CultureInfo.InvariantCulture, out var offset) && Cursor(scope, query, offset) == query.Cursor)
            {
                return offset;
            }
        }
        catch (FormatException)
        {
            // Answered below like every other bad cursor.
        }

        throw new CatalogRequestException(CatalogErrors.InvalidCursor, "cursor", "The cursor is not valid.");
    }

    private static CatalogRequestException Unknown() => new(CatalogErrors.UnknownCatalog, "catalog", "No such catalog.");
}
