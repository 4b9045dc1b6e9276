namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>One term of a plan.</summary>
/// <param name="Term">The term.</param>
/// <param name="Idf">Its inverse document frequency among the visible products.</param>
/// <param name="Weight">1, or less for a corrected term.</param>
internal readonly record struct PlannedWord(string Term, float Idf, float Weight);
