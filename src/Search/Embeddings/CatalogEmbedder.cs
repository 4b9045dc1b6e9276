using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;

namespace AiPlatform.Search.Embeddings;

/// <summary>
/// The default embedder, "catalog": latent semantic analysis learned from the catalog itself (<see cref="CatalogEmbedderTrainer"/>), no download, no network, microseconds a
/// product. It knows the catalog's words and which go together; a word it never saw says nothing. Immutable, thread-safe.
/// </summary>
public sealed class CatalogEmbedder : IProductEmbedder
{
    private const string IdPrefix = "catalog-";

    // Chunks of vectors stay below what the runtime keeps apart as large objects, which only full collections free.
    private const int ChunkBytes = 64 * 1024;

    [ThreadStatic]
    private static List<TextToken>? _tokens;

    private readonly CatalogModel _model;
    private readonly ITextAnalyzer _analyzer;
    private readonly Dictionary<string, int> _terms;
    private readonly sbyte[] _codes;
    private readonly int _stride;
    private readonly ConcurrentBag<ProductEmbedding> _readers = [];

    internal CatalogEmbedder(CatalogModel model, ITextAnalyzer analyzer)
        : this(model, analyzer, CatalogModelFile.Write(model))
    {
    }

    private CatalogEmbedder(CatalogModel model, ITextAnalyzer analyzer, ReadOnlySpan<byte> bytes)
    {
        _model = model;
        _analyzer = analyzer;
        ModelId = $"{IdPrefix}{Convert.ToHexStringLower(SHA256.HashData(bytes))[..12]}";
        _terms = new Dictionary<string, int>(model.Terms.Length, StringComparer.Ordinal);
        for (var i = 0; i < model.Terms.Length; i++)
        {
            _terms.Add(model.Terms[i], i);
        }

        _stride = (model.Dimensions + Vector<sbyte>.Count - 1) / Vector<sbyte>.Count * Vector<sbyte>.Count;
        _codes = _stride == model.Dimensions ? model.TermCodes : Pad(model, _stride);
    }

    /// <summary><c>catalog-</c> and the first 12 digits of the SHA-256 of the stored model.</summary>
    public string ModelId { get; }

    /// <summary>Whether a model id is that of a model trained on its catalog.</summary>
    public static bool IsOwnModel(string modelId)
    {
        ArgumentNullException.ThrowIfNull(modelId);
        return modelId.StartsWith(IdPrefix, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public int Dimensions => _model.Dimensions;

    /// <summary>Terms the model knows.</summary>
    public int TermCount => _model.Terms.Length;

    /// <summary>Clusters the model knows; 0 when it learned nothing.</summary>
    public int ClusterCount => _model.Centroids.Rows;

    /// <summary><see cref="HashId"/> of every product the model learned from, ascending; all were visible to everyone.</summary>
    public ReadOnlySpan<ulong> TrainingProducts => _model.TrainingProducts;

    /// <summary>Products that were visible to everyone when the model was trained.</summary>
    public int PublicProducts => _model.PublicProducts;

    internal CatalogModel Model => _model;

    /// <summary>A stored model.</summary>
    /// <param name="bytes">What <see cref="Save"/> gave.</param>
    /// <param name="analyzer">The analyzer it was trained with.</param>
    /// <exception cref="CatalogModelException">Damaged bytes, another version, or another analyzer.</exception>
    public static CatalogEmbedder Load(ReadOnlyMemory<byte> bytes, ITextAnalyzer analyzer)
    {
        ArgumentNullException.ThrowIfNull(analyzer);
        var model = CatalogModelFile.Read(bytes);
        return model.Analyzer == analyzer.Name
            ? new CatalogEmbedder(model, analyzer, bytes.Span)
            : throw new CatalogModelException("model_analyzer", $"The catalog model was trained with the analyzer '{model.Analyzer}', not '{analyzer.Name}': use that one or rebuild the index.");
    }

    /// <summary>The model's bytes: a checksum inside, the same model the same bytes.</summary>
    public byte[] Save() => CatalogModelFile.Write(_model);

    /// <summary>The hash by which training products are remembered: the first 64 bits of SHA-256 over the id's UTF-8.</summary>
    public static ulong HashId(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return HashText(id);
    }

    /// <inheritdoc/>
    public string TextOf(Product product)
    {
        ArgumentNullException.ThrowIfNull(product);
        return ProductTerms.TextOf(product);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> EmbedProductsAsync(IReadOnlyList<Product> products, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(products);
        var chunk = Math.Max(1, ChunkBytes / (Dimensions * sizeof(float)));
        var reader = _readers.TryTake(out var used) ? used : new ProductEmbedding(this);
        var floats = Memory<float>.Empty;
        var vectors = new ReadOnlyMemory<float>[products.Count];
        for (var i = 0; i < vectors.Length; i++)
        {
            // One array a chunk: few allocations, and none that outgrows an array.
            if (i % chunk == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                floats = new float[Math.Min(chunk, vectors.Length - i) * Dimensions];
            }

            var vector = floats.Slice(i % chunk * Dimensions, Dimensions);
            vectors[i] = reader.TryEmbed(products[i], vector.Span) ? vector : ReadOnlyMemory<float>.Empty;
        }

        // One that failed is not used again.
        _readers.Add(reader);
        return ValueTask.FromResult<IReadOnlyList<ReadOnlyMemory<float>>>(vectors);
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<float>> EmbedQueryAsync(string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        cancellationToken.ThrowIfCancellationRequested();
        var vector = new float[Dimensions];
        return ValueTask.FromResult(TryEmbedQuery(text, vector) ? vector : ReadOnlyMemory<float>.Empty);
    }

    /// <summary>The vector of a query, L2-normalised; false (and zeros) when it has no known word. No allocation. O(characters + terms · dimensions).</summary>
    /// <exception cref="ArgumentException">The vector is not <see cref="Dimensions"/> long.</exception>
    public bool TryEmbedQuery(ReadOnlySpan<char> text, Span<float> vector)
    {
        var tokens = _tokens ??= [];
        tokens.Clear();
        _analyzer.Analyze(text, tokens);
        return TryEmbedQuery(CollectionsMarshal.AsSpan(tokens), vector);
    }

    /// <summary>As above, of tokens that the same analyzer made. Terms beyond the first <see cref="CatalogLimits.QueryTerms"/> known ones are ignored.</summary>
    public bool TryEmbedQuery(ReadOnlySpan<TextToken> tokens, Span<float> vector)
    {
        CheckRoom(vector);
        Span<int> terms = stackalloc int[CatalogLimits.QueryTerms];
        Span<int> counts = stackalloc int[CatalogLimits.QueryTerms];
        var known = 0;
        foreach (var token in tokens)
        {
            if (!_terms.TryGetValue(token.Term, out var term))
            {
                continue;
            }

            var at = terms[..known].IndexOf(term);
            if (at >= 0)
            {
                counts[at]++;
            }
            else if (known < terms.Length)
            {
                (terms[known], counts[known++]) = (term, 1);
            }
        }

        vector.Clear();
        for (var i = 0; i < known; i++)
        {
            Accumulate(terms[i], MathF.Log(1 + counts[i]), vector);
        }

        return Normalize(vector);
    }

    /// <summary>The cluster nearest to a vector of this model, from 0 to <see cref="ClusterCount"/> - 1; -1 for an empty or zero vector and when there are no clusters. O(clusters · dimensions).</summary>
    public int ClusterOf(ReadOnlySpan<float> vector) =>
        vector.Length == Dimensions && vector.ContainsAnyExcept(0f) ? SphericalKMeans.Nearest(_model.Centroids, vector) : -1;

    internal static ulong HashText(string text) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    internal bool TryFind(string term, out int index) => _terms.TryGetValue(term, out index);

    internal ProductTerms NewReader() => new(_analyzer, _model.Weights);

    /// <summary>Adds a term's vector, weighted. The hot loop of everything here.</summary>
    internal void Accumulate(int term, float weight, Span<float> vector)
    {
        var scale = weight * _model.TermScales[term];
        var codes = MemoryMarshal.Cast<sbyte, Vector<sbyte>>(_codes.AsSpan(term * _stride, _stride));
        var whole = vector.Length / Vector<sbyte>.Count;
        var target = MemoryMarshal.Cast<float, Vector<float>>(vector[..(whole * Vector<sbyte>.Count)]);
        var factor = new Vector<float>(scale);
        for (var i = 0; i < whole; i++)
        {
            Vector.Widen(codes[i], out var low, out var high);
            Vector.Widen(low, out var a, out var b);
            Vector.Widen(high, out var c, out var d);
            var to = target.Slice(i * 4, 4);
            to[0] += Vector.ConvertToSingle(a) * factor;
            to[1] += Vector.ConvertToSingle(b) * factor;
            to[2] += Vector.ConvertToSingle(c) * factor;
            to[3] += Vector.ConvertToSingle(d) * factor;
        }

        for (var i = whole * Vector<sbyte>.Count; i < vector.Length; i++)
        {
            vector[i] += _codes[(term * _stride) + i] * scale;
        }
    }

    private static sbyte[] Pad(CatalogModel model, int stride)
    {
        var codes = new sbyte[model.Terms.Length * stride];
        for (var i = 0; i < model.Terms.Length; i++)
        {
            model.TermCodes.AsSpan(i * model.Dimensions, model.Dimensions).CopyTo(codes.AsSpan(i * stride));
        }

        return codes;
    }

    internal void CheckRoom(Span<float> vector)
    {
        if (vector.Length != Dimensions)
        {
            throw new ArgumentException($"The vector has room for {vector.Length} dimensions, the model has {Dimensions}.", nameof(vector));
        }
    }

    internal static bool Normalize(Span<float> vector)
    {
        var norm = TensorPrimitives.Norm<float>(vector);
        if (!(norm > 1e-12f))
        {
            vector.Clear();
            return false;
        }

        TensorPrimitives.Divide(vector, norm, vector);
        return true;
    }
}
