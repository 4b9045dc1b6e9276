using AiPlatform.Search.Analysis;
using AiPlatform.Search.Ranking;

namespace AiPlatform.Search.Embedded.Querying;

/// <summary>Reads what ranking wants to know of a candidate. O(terms · log postings) each.</summary>
internal sealed class CandidateFeatures
{
    /// <summary>Name and class are the first two fields.</summary>
    private const int NameAndClass = (int)TextField.Class + 1;
    private readonly LiveCatalog _live;
    private readonly LexicalPlan _plan;
    private readonly Exclusion[] _excluded;

    public CandidateFeatures(LiveCatalog live, ScopeView view, LexicalPlan plan)
    {
        _live = live;
        _plan = plan;
        _excluded = [.. plan.Excluded.Select(e => new Exclusion(view.Generation, e))];
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
            Exclusion = ExclusionOf(ordinal),
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

    /// <summary>1 where the product says that it lacks what the query excludes, -1 where name or class has it, else 0.</summary>
    private int ExclusionOf(int ordinal)
    {
        var verdict = 0;
        foreach (var exclusion in _excluded)
        {
            verdict += exclusion.SaysItLacks(_live.Generation, ordinal) ? 1
                : PhraseMatcher.Matches(_live.Generation, ordinal, exclusion.Term, NameAndClass) ? -1
                : 0;
        }

        return Math.Clamp(verdict, -1, 1);
    }

    /// <summary>A term after "without", and the ways a product says that it is so.</summary>
    private sealed class Exclusion(CatalogGeneration generation, string term)
    {
        private readonly uint[]?[][] _lacking =
        [
            PhraseMatcher.Resolve(generation, ["without", term]),
            PhraseMatcher.Resolve(generation, ["no", term]),
            PhraseMatcher.Resolve(generation, [term, "free"]),
        ];

        public uint[]?[] Term { get; } = PhraseMatcher.Resolve(generation, [term]);

        public bool SaysItLacks(CatalogGeneration of, int ordinal) => Array.Exists(_lacking, p => PhraseMatcher.Matches(of, ordinal, p));
    }
}
