using System.Collections.Concurrent;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded.Vectors;
using AiPlatform.Search.Querying;

namespace AiPlatform.Search.Embedded;

/// <summary>A generation in service: the files, the embedder of its vectors and the views of the scopes that ask. Replaced whole.</summary>
internal sealed class LiveCatalog
{
    private const long FacetValueBytes = 64L << 20;
    private readonly ConcurrentDictionary<string, Lazy<ScopeView>> _views = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _lastUse = new(StringComparer.Ordinal);
    private readonly string[]?[] _brandTerms;
    private readonly EmbeddedCatalogOptions _options;
    private readonly BoundedCache<ViewTerm, TermPostings> _terms;
    private readonly BoundedCache<ViewTerm, VisibleValues> _values = new(FacetValueBytes);
    private long _uses;

    public LiveCatalog(CatalogGeneration generation, IProductEmbedder? embedder, EmbeddedCatalogOptions options)
    {
        Generation = generation;
        Embedder = embedder;
        Vectors = generation.Dimensions == 0 ? [] : generation.VectorBlocks();
        _options = options;
        _terms = new BoundedCache<ViewTerm, TermPostings>(options.TermCacheBytes);
        _brandTerms = new string[generation.Brands.Distinct][];
    }

    public CatalogGeneration Generation { get; }

    /// <summary>Null when the generation has no vectors or its model is not configured.</summary>
    public IProductEmbedder? Embedder { get; }

    public VectorBlock[] Vectors { get; }

    /// <summary>The view of a scope, shared by equal fingerprints. The filter must be the fingerprint's own.</summary>
    public ScopeView View(string fingerprint, ProductFilter filter)
    {
        _lastUse[fingerprint] = Interlocked.Increment(ref _uses);
        if (_views.TryGetValue(fingerprint, out var view))
        {
            return view.Value;
        }

        view = _views.GetOrAdd(fingerprint, _ => new Lazy<ScopeView>(() => new ScopeView(Generation, filter, _options.Bm25F, Interlocked.Increment(ref _uses), _terms, _values)));
        EvictBeyond(_options.MaxViews);
        try
        {
            return view.Value;
        }
        catch
        {
            // A view that could not be made is tried again: a Lazy keeps its exception.
            _views.TryRemove(fingerprint, out _);
            throw;
        }
    }

    /// <summary>The analysed brand of a brand number; computed once.</summary>
    public string[] BrandTerms(int brand) => _brandTerms[brand] ??= Analyze(Generation.Brands.Value(brand));

    private string[] Analyze(string text)
    {
        var tokens = new List<TextToken>();
        Generation.Analyzer.Analyze(text, tokens);
        return [.. tokens.Select(t => t.Term)];
    }

    private void EvictBeyond(int limit)
    {
        while (_views.Count > limit)
        {
            var oldest = _lastUse.MinBy(u => u.Value).Key;
            if (oldest is null)
            {
                return;
            }

            _lastUse.TryRemove(oldest, out _);
            _views.TryRemove(oldest, out _);
        }
    }
}
