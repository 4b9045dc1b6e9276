using System.Globalization;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded.Segments;

namespace AiPlatform.Search.OpenSearch.Documents;

/// <summary>Writes a product as the document of the index. The document id is the product's id. Not thread-safe: one a writer. O(tokens of the product).</summary>
/// <param name="analyzer">The build's text analyzer.</param>
/// <param name="dimensions">Length of the build's vectors; 0 without.</param>
/// <param name="lengths">Average lengths of texts; learns from what is written.</param>
internal sealed class ProductDocument(ITextAnalyzer analyzer, int dimensions, TextLengths lengths)
{
    private readonly List<TextToken>[] _fields = [.. Enumerable.Range(0, (int)TextField.Count).Select(_ => new List<TextToken>())];
    private readonly SortedDictionary<string, SortedSet<string>> _keywords = new(StringComparer.Ordinal);

    /// <summary>Writes one JSON object.</summary>
    /// <exception cref="ArgumentException">Id, price, rating or vector is out of its contract.</exception>
    public void Write(Utf8JsonWriter json, in IndexedProduct item)
    {
        ArgumentNullException.ThrowIfNull(json);
        SegmentWriter.Check(item.Product);
        if (!item.Vector.IsEmpty && item.Vector.Length != dimensions)
        {
            throw new ArgumentException($"The vector of '{item.Product.Id}' has {item.Vector.Length} dimensions, the generation {dimensions}.", nameof(item));
        }

        json.WriteStartObject();
        json.WriteString(IndexFields.Id, item.Product.Id);
        json.WriteBase64String(IndexFields.Product, StoredProduct.Write(item.Product));
        WriteTexts(json, item.Product);
        WriteKeywords(json, item.Product);
        WriteNumbers(json, item.Product);
        WriteStamp(json, item);
        WriteVector(json, item.Vector.Span);
        json.WriteEndObject();
    }

    private void WriteTexts(Utf8JsonWriter json, Product product)
    {
        foreach (var (field, texts) in Analysis.SearchText.Fields(product))
        {
            var tokens = _fields[(int)field];
            tokens.Clear();
            foreach (var text in texts)
            {
                analyzer.Analyze(text, tokens);
            }

            lengths.Add(field, tokens.Count);
            if (tokens.Count > 0)
            {
                json.WriteNumber(TextLengths.FieldOf(field), tokens.Count);
            }
        }

        json.WriteString(IndexFields.SearchText, WeightedText.Of(_fields, lengths));
        WriteTerms(json, IndexFields.PhraseText, _fields);
        WriteTerms(json, IndexFields.NameText, _fields.AsSpan(0, (int)TextField.Class + 1));
    }

    /// <summary>A text a field, so that no phrase reaches from one into the next.</summary>
    private static void WriteTerms(Utf8JsonWriter json, string name, ReadOnlySpan<List<TextToken>> fields)
    {
        json.WriteStartArray(name);
        foreach (var tokens in fields)
        {
            if (tokens.Count > 0)
            {
                json.WriteStringValue(string.Join(' ', tokens.Select(t => t.Term)));
            }
        }

        json.WriteEndArray();
    }

    private void WriteKeywords(Utf8JsonWriter json, Product product)
    {
        _keywords.Clear();
        foreach (var (field, value) in ProductFields.All(product))
        {
            Add(FieldTerm.Of(field, value));
            Add(new FieldTerm(IndexFields.Numbers, NumberTerm.Of(field, value)));
            if (FieldTerm.IsSpecification(field))
            {
                Add(new FieldTerm(IndexFields.SpecificationNames, FieldTerm.Bounded(FieldTerm.Name(field))));
            }
        }

        foreach (var word in SuggestionWords.Of(product))
        {
            Add(new FieldTerm(IndexFields.Words, word));
        }

        foreach (var (field, terms) in _keywords)
        {
            json.WriteStartArray(field);
            foreach (var term in terms)
            {
                json.WriteStringValue(term);
            }

            json.WriteEndArray();
        }
    }

    private void Add(FieldTerm term)
    {
        if (!_keywords.TryGetValue(term.Field, out var terms))
        {
            _keywords.Add(term.Field, terms = new SortedSet<string>(StringComparer.Ordinal));
        }

        terms.Add(term.Term);
    }

    private static void WriteNumbers(Utf8JsonWriter json, Product product)
    {
        json.WriteNumber(IndexFields.AccessLevel, (int)product.AccessLevel);
        json.WriteBoolean(IndexFields.Restricted, !product.RestrictedRegions.IsEmpty);
        json.WriteNumber(IndexFields.RatingCount, product.RatingCount);
        if (product.Price is { } price)
        {
            json.WriteNumber(IndexFields.Price, SegmentWriter.PriceOf(price));
        }

        if (ProductFields.RatingOf(product) is not null)
        {
            json.WriteNumber(IndexFields.Rating, product.Rating!.Value);
        }

        if (product.ReleasedAt is { } released)
        {
            json.WriteNumber(IndexFields.Released, released.UtcTicks);
        }

        if (ParentOf(product) is { Length: > 0 } parent)
        {
            json.WriteString(IndexFields.Parent, FieldTerm.Bounded(parent));
        }
    }

    /// <summary>The category above the leaf, or the only one.</summary>
    private static string ParentOf(Product product) => product.CategoryPath.IsEmpty
        ? ""
        : Keyword.Normalize(string.Join(ProductFields.CategorySeparator, product.CategoryPath.AsSpan(0, Math.Max(1, product.CategoryPath.Length - 1))!));

    private static void WriteStamp(Utf8JsonWriter json, in IndexedProduct item)
    {
        json.WriteString(IndexFields.ContentHash, Hex(item.ContentHash));
        json.WriteString(IndexFields.EmbeddingHash, Hex(item.EmbeddingHash));
        json.WriteNumber(IndexFields.Version, item.Version);
    }

    private static string Hex(ContentHash hash) => string.Create(CultureInfo.InvariantCulture, $"{hash.High:x16}{hash.Low:x16}");

    private static void WriteVector(Utf8JsonWriter json, ReadOnlySpan<float> vector)
    {
        var codes = VectorCodes.Write(vector);
        json.WriteBoolean(IndexFields.HasVector, codes is not null);
        if (codes is null)
        {
            return;
        }

        json.WriteBase64String(IndexFields.Codes, codes);
        json.WriteStartArray(IndexFields.Embedding);
        foreach (var value in vector)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}
