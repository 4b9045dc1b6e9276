namespace AiPlatform.Search.Embedded.Segments;

/// <summary>The numbers a keyword field's values have in a segment: from <paramref name="First"/> up to, not including, <paramref name="End"/>.</summary>
internal readonly record struct KeywordField(int First, int End);
