namespace AiPlatform.Search.Querying;

/// <summary>A query text taken apart, before any look at the index.</summary>
/// <param name="Terms">Distinct terms to search, in order, at most <see cref="Core.Catalog.CatalogLimits.QueryTerms"/>.</param>
/// <param name="Words">The word each term was written as.</param>
/// <param name="Phrases">Quoted phrases as term sequences of two or more; every one must occur.</param>
/// <param name="Excluded">Terms after "without".</param>
/// <param name="ExcludedWords">The words they were written as.</param>
internal sealed record ParsedQuery(List<string> Terms, List<string> Words, List<string[]> Phrases, List<string> Excluded, List<string> ExcludedWords);
