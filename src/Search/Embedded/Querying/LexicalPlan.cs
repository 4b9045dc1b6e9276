namespace AiPlatform.Search.Embedded.Querying;

/// <summary>A query resolved against one scope's view: which terms are summed and with what weight.</summary>
/// <param name="Terms">Terms that have postings in the view.</param>
/// <param name="TermCount">Terms asked for, found or not.</param>
/// <param name="Phrases">Phrases that must occur.</param>
/// <param name="Excluded">Terms whose presence in name or class counts against a product.</param>
/// <param name="TotalIdf">Sum of the idf of all terms found: what full coverage is measured against.</param>
/// <param name="CorrectedText">The query as understood, when spelling was corrected.</param>
internal sealed record LexicalPlan(
    PlannedTerm[] Terms,
    int TermCount,
    List<string[]> Phrases,
    List<string> Excluded,
    float TotalIdf,
    string? CorrectedText);
