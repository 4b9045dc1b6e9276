using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>One generation of a catalog as it is asked: its index, which never changes once it is finished, and what is needed to ask it.</summary>
/// <param name="Catalog">The catalog.</param>
/// <param name="Index">Name of the concrete index; reads never go through the alias, so that all parts of an answer are of one generation.</param>
/// <param name="Generation">Number of the generation.</param>
/// <param name="EmbeddingModel">Id of its embedding model; empty without vectors.</param>
/// <param name="Dimensions">Length of its vectors; 0 without.</param>
/// <param name="Analyzer">The analyzer its terms were made with.</param>
/// <param name="Embedder">Embeds queries into its vectors' space; null when that model is not configured, and then words alone answer.</param>
/// <param name="CursorKey">What cursors are signed with: the same in every process, and not to be had from the answers.</param>
internal sealed record LiveIndex(
    string Catalog,
    string Index,
    long Generation,
    string EmbeddingModel,
    int Dimensions,
    ITextAnalyzer Analyzer,
    IProductEmbedder? Embedder,
    byte[] CursorKey)
{
    /// <summary>The term of a single word; null for what is no word, a stop word or more than one.</summary>
    public string? TermOf(string word)
    {
        var tokens = new List<TextToken>(1);
        Analyzer.Analyze(word, tokens);
        return tokens.Count == 1 ? tokens[0].Term : null;
    }
}
