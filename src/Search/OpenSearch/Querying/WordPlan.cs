namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>A query resolved against what one scope sees: which terms are summed and with what weight.</summary>
/// <param name="Words">Terms that visible products have.</param>
/// <param name="TermCount">Terms asked for, found or not.</param>
/// <param name="Phrases">Phrases that must occur.</param>
/// <param name="Excluded">Terms whose presence in name or class counts against a product.</param>
/// <param name="CorrectedText">The query as understood, when spelling was corrected.</param>
internal sealed record WordPlan(PlannedWord[] Words, int TermCount, List<string[]> Phrases, List<string> Excluded, string? CorrectedText)
{
    /// <summary>What full coverage is measured against.</summary>
    public float TotalIdf { get; } = Words.Sum(w => w.Idf);

    /// <summary>Whether the term is one of the plan's.</summary>
    public bool Has(string term) => Array.Exists(Words, w => w.Term == term);
}
