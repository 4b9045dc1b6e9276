using AiPlatform.Search.Embedded.Segments;
using AiPlatform.Search.Ranking;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>Reads what ranking wants to know of a candidate. O(terms · log postings) each.</summary>
internal sealed class CandidateFeatures
{
    /// <summary>Name and class are the first two fields.</summary>
    private const int NameAndClass = (int)TextField.Class + 1;
    private readonly LiveCatalog _live;
    private readonly LexicalPlan _plan;
    private readonly List<uint[]?[]> _excluded;

    public CandidateFeatures(LiveCatalog live, ScopeView view, LexicalPlan plan)
    {
        _live = live;
        _plan = plan;
        _excluded = [.. plan.Excluded.Select(e => PhraseMatcher.Resolve(view.Generation, [e]))];
    }

    public RankingCandidate Of(int ordinal, float lexical)
    {
        var generation = _live.Generation;
        var brand = generation.Brands.Numbers[ordinal];
        return new RankingCandidate
        {
            Handle = ordinal,
            Lexical = lexical,
            Cosine = float.NaN,
            Class = generation.Classes.Numbers[ordinal],
            Parent = generation.Parents.Numbers[ordinal],
            Coverage = CoverageOf(ordinal),
            BrandMatch = brand >= 0 && Names(brand),
            HasExcluded = HasExcluded(ordinal),
        };
    }

    private float CoverageOf(int ordinal)
    {
        if (_plan.Terms.Length < 2)
        {
            return _plan.Terms.Length;
        }

        var covered = 0f;
        foreach (var term in _plan.Terms)
        {
            covered += term.Postings.Find(ordinal) >= 0 ? term.Postings.Idf : 0;
        }

        return covered / _plan.TotalIdf;
    }

    private bool Names(int brand)
    {
        var words = _live.BrandTerms(brand);
        foreach (var word in words)
        {
            if (!HasTerm(word))
            {
                return false;
            }
        }

        return words.Length > 0;
    }

    private bool HasTerm(string word)
    {
        foreach (var term in _plan.Terms)
        {
            if (term.Term == word)
            {
                return true;
            }
        }

        return false;
    }

    private bool HasExcluded(int ordinal)
    {
        foreach (var term in _excluded)
        {
            if (PhraseMatcher.Matches(_live.Generation, ordinal, term, NameAndClass))
            {
                return true;
            }
        }

        return false;
    }
}
