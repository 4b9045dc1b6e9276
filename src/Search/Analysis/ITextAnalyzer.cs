namespace AiPlatform.Search.Analysis;

/// <summary>Cuts text into index terms. One analyzer serves a catalog's index and its queries. Thread-safe, deterministic.</summary>
public interface ITextAnalyzer
{
    /// <summary>Name with version, kept in the index: <c>english-1</c>, <c>plain-1</c>. A change of behaviour changes it.</summary>
    string Name { get; }

    /// <summary>Appends the tokens of the text, in order. Stop words and separators give none. O(length).</summary>
    void Analyze(ReadOnlySpan<char> text, List<TextToken> tokens);
}
