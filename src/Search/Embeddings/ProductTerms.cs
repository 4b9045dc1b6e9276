using System.Text;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;

namespace AiPlatform.Search.Embeddings;

/// <summary>Reads the words of a product, each with the weight of its field. Not thread-safe: one a thread.</summary>
internal sealed class ProductTerms(ITextAnalyzer analyzer, FieldWeights weights)
{
    /// <summary>Version of the choice of texts; part of the model's bytes.</summary>
    public const int TemplateVersion = 1;

    private const int MaxDescriptionCharacters = 4_000;
    private const int MaxSpecificationValues = 200;

    private readonly List<TextToken> _tokens = [];

    /// <summary>Takes one word with its field's weight.</summary>
    public delegate void Sink(string term, float weight);

    /// <summary>Gives every word of the product to the sink. O(characters); descriptions are read up to 4,000 characters, specifications up to 200 values.</summary>
    public void Read(Product product, Sink sink)
    {
        var head = HeadLength(product.Name);
        Read(product.Name.AsSpan(0, head), weights.NameHead, sink);
        Read(product.Name.AsSpan(head), weights.NameTail, sink);
        Read(product.Class, weights.Class, sink);
        foreach (var level in product.CategoryPath)
        {
            Read(level, weights.Category, sink);
        }

        Read(product.Brand, weights.Brand, sink);
        Read(product.Description.AsSpan(0, Math.Min(product.Description.Length, MaxDescriptionCharacters)), weights.Description, sink);
        var left = MaxSpecificationValues;
        foreach (var (_, values) in product.Specifications)
        {
            foreach (var value in values)
            {
                if (left-- == 0)
                {
                    return;
                }

                Read(value, weights.Specifications, sink);
            }
        }
    }

    /// <summary>The same texts as one, to tell whether they changed.</summary>
    public static string TextOf(Product product)
    {
        var text = new StringBuilder();
        text.Append(product.Name).Append('\n').Append(product.Class).Append('\n').AppendJoin('/', product.CategoryPath.AsSpan()!).Append('\n').Append(product.Brand).Append('\n');
        text.Append(product.Description.AsSpan(0, Math.Min(product.Description.Length, MaxDescriptionCharacters)));
        var left = MaxSpecificationValues;
        foreach (var (_, values) in product.Specifications)
        {
            foreach (var value in values.AsSpan()[..Math.Min(left, values.Length)])
            {
                text.Append('\n').Append(value);
            }

            left -= Math.Min(left, values.Length);
        }

        return text.ToString();
    }

    /// <summary>The weights by name, in the order they are stored.</summary>
    public static IEnumerable<(string Name, float Weight)> Named(FieldWeights weights) =>
    [
        (nameof(weights.NameHead), weights.NameHead), (nameof(weights.NameTail), weights.NameTail), (nameof(weights.Class), weights.Class), (nameof(weights.Category), weights.Category),
        (nameof(weights.Brand), weights.Brand), (nameof(weights.Description), weights.Description), (nameof(weights.Specifications), weights.Specifications),
    ];

    /// <summary>Where the name's head ends: at the first comma, bar, bracket, or dash between spaces that is not at its start.</summary>
    internal static int HeadLength(string name)
    {
        for (var i = 1; i < name.Length; i++)
        {
            var dash = name[i] is '-' or '\u2013' or '\u2014' && name[i - 1] == ' ' && i + 1 < name.Length && name[i + 1] == ' ';
            if (dash || name[i] is ',' or '|' or '(' or '[' or ';')
            {
                return i;
            }
        }

        return name.Length;
    }

    private void Read(ReadOnlySpan<char> text, float weight, Sink sink)
    {
        if (weight == 0 || text.IsEmpty)
        {
            return;
        }

        _tokens.Clear();
        analyzer.Analyze(text, _tokens);
        foreach (var token in _tokens)
        {
            sink(token.Term, weight);
        }
    }
}
