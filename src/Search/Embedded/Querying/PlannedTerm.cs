namespace AiPlatform.Search.Embedded.Querying;

/// <summary>One term of a plan.</summary>
/// <param name="Term">The term.</param>
/// <param name="Postings">Its postings in the view; not empty.</param>
/// <param name="Weight">1, or less for a corrected term.</param>
internal readonly record struct PlannedTerm(string Term, TermPostings Postings, float Weight)
{
    /// <summary>The most it can add to a score.</summary>
    public float MaxImpact => Postings.MaxImpact * Weight;
}
