namespace AiPlatform.Search.Analysis;

/// <summary>One token of a text.</summary>
/// <param name="Term">The index term (normalised, stemmed); an interned instance, so that repeated words cost no allocation.</param>
/// <param name="Start">Where the word starts in the text, in UTF-16 code units.</param>
/// <param name="Length">Its length in the text, in UTF-16 code units.</param>
public readonly record struct TextToken(string Term, int Start, int Length);
