using System.Collections.Immutable;
using System.Text;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embeddings;

namespace AiPlatform.Search.Querying;

/// <summary>Marks matched words with <c>**</c>. O(length of the product's texts), for the products of a page only.</summary>
internal static class Highlighter
{
    private const int SnippetLength = 180;
    private const int LeadIn = 40;
    private const int MaxSpecifications = 3;

    public static ImmutableArray<Highlight> Highlight(Product product, ITextAnalyzer analyzer, HashSet<string> terms)
    {
        var highlights = ImmutableArray.CreateBuilder<Highlight>();
        Add(highlights, "name", product.Name, analyzer, terms);
        Add(highlights, "class", product.Class, analyzer, terms);
        Add(highlights, "brand", product.Brand, analyzer, terms);
        Add(highlights, "description", product.Description, analyzer, terms);
        var others = highlights.Count;
        foreach (var (key, values) in product.Specifications)
        {
            if (highlights.Count - others >= MaxSpecifications)
            {
                break;
            }

            Add(highlights, ProductFields.SpecificationPrefix + key, string.Join(", ", values), analyzer, terms);
        }

        return highlights.ToImmutable();
    }

    private static void Add(ImmutableArray<Highlight>.Builder highlights, string field, string text, ITextAnalyzer analyzer, HashSet<string> terms)
    {
        var tokens = new List<TextToken>();
        analyzer.Analyze(text, tokens);
        tokens.RemoveAll(t => !terms.Contains(t.Term));
        if (tokens.Count > 0)
        {
            highlights.Add(new Highlight(field, Snippet(text, tokens)));
        }
    }

    private static string Snippet(string text, List<TextToken> marked)
    {
        var start = text.Length <= SnippetLength ? 0 : WordStart(text, Math.Max(0, marked[0].Start - LeadIn));
        var end = ProductText.Cut(text, Math.Min(text.Length, start + SnippetLength));
        var snippet = new StringBuilder(start > 0 ? "…" : "");
        var at = start;
        foreach (var token in marked.TakeWhile(t => t.Start + t.Length <= end))
        {
            snippet.Append(text, at, token.Start - at).Append("**").Append(text, token.Start, token.Length).Append("**");
            at = token.Start + token.Length;
        }

        return snippet.Append(text, at, end - at).Append(end < text.Length ? "…" : "").ToString();
    }

    private static int WordStart(string text, int from)
    {
        while (from > 0 && !char.IsWhiteSpace(text[from - 1]))
        {
            from--;
        }

        return from;
    }
}
