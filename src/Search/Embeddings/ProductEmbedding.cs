using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Embeddings;

/// <summary>Embeds products one after another with memory of its own. Not thread-safe: one a batch.</summary>
internal sealed class ProductEmbedding
{
    private readonly CatalogEmbedder _embedder;
    private readonly ProductTerms _reader;
    private readonly float[] _weights;
    private readonly List<int> _touched = [];
    private readonly ProductTerms.Sink _sink;

    public ProductEmbedding(CatalogEmbedder embedder)
    {
        _embedder = embedder;
        _reader = embedder.NewReader();
        _weights = new float[embedder.TermCount];
        _sink = Add;
    }

    /// <summary>The product's vector, L2-normalised; false (and zeros) when it has no known word. O(characters + terms · dimensions).</summary>
    public bool TryEmbed(Product product, Span<float> vector)
    {
        _embedder.CheckRoom(vector);
        _reader.Read(product, _sink);
        vector.Clear();
        foreach (var term in _touched)
        {
            _embedder.Accumulate(term, MathF.Log(1 + _weights[term]), vector);
            _weights[term] = 0;
        }

        _touched.Clear();
        return CatalogEmbedder.Normalize(vector);
    }

    private void Add(string term, float weight)
    {
        if (_embedder.TryFind(term, out var index))
        {
            if (_weights[index] == 0)
            {
                _touched.Add(index);
            }

            _weights[index] += weight;
        }
    }
}
