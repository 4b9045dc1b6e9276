using System.Text.Json;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.OpenSearch.Documents;
using AiPlatform.Search.Ranking;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>The candidates of both legs with what ranking reads of them: which words a product has is told by the node, everything else by a few columns.</summary>
internal sealed class CandidateList
{
    private readonly List<string> _ids = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _labels = new(StringComparer.Ordinal);
    private readonly List<RankingCandidate> _candidates = [];

    /// <summary>The candidates, those of the words first.</summary>
    public List<RankingCandidate> All => _candidates;

    /// <summary>The id of a candidate.</summary>
    public string Id(in RankingCandidate candidate) => _ids[candidate.Handle];

    /// <summary>Adds what the words found.</summary>
    /// <param name="answer">The lexical leg's answer.</param>
    /// <param name="index">The index.</param>
    /// <param name="plan">The words.</param>
    /// <param name="rotated">The query's vector, rotated as the codes are; empty without.</param>
    public void AddLexical(JsonElement answer, LiveIndex index, WordPlan plan, ReadOnlySpan<float> rotated)
    {
        var brands = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var hit in SearchHits.All(answer))
        {
            var candidate = Of(hit, SearchHits.Id(hit));
            candidate.Lexical = SearchHits.Score(hit);
            candidate.Cosine = rotated.IsEmpty ? float.NaN : VectorCodes.Cosine(rotated, SearchHits.Bytes(hit, IndexFields.Codes));
            candidate.BrandMatch = SearchHits.Field(hit, Core.Catalog.ProductFields.Brand) is { } brand && Names(brands, brand, index, plan);
            ReadMatched(hit, plan, ref candidate);
            _candidates.Add(candidate);
        }
    }

    /// <summary>Adds the nearest vectors: ranks for those the words found, new candidates of at least the given cosine for the others.</summary>
    public void AddVectors(JsonElement answer, float minCosine)
    {
        var rank = 0;
        foreach (var hit in SearchHits.All(answer))
        {
            rank++;
            var id = SearchHits.Field(hit, IndexFields.Id)!;
            var cosine = Cosine(SearchHits.Score(hit));
            if (!_places.TryGetValue(id, out var at))
            {
                if (cosine < minCosine)
                {
                    continue;
                }

                at = _candidates.Count;
                var candidate = Of(hit, id);
                candidate.Cosine = cosine;
                _candidates.Add(candidate);
            }

            var found = _candidates[at];
            found.VectorRank = rank;
            _candidates[at] = found;
        }
    }

    /// <summary>The cosine behind a k-NN score of <c>cosinesimil</c>.</summary>
    /// <exception cref="OpenSearchException">It is no such score.</exception>
    public static float Cosine(float score) => score <= 1.01f
        ? (2 * score) - 1
        : throw new OpenSearchException(OpenSearchErrors.InvalidAnswer, "OpenSearch answered a vector score above 1. The index was not made by this platform: index the catalog again.");

    private RankingCandidate Of(JsonElement hit, string id)
    {
        var handle = _ids.Count;
        _ids.Add(id);
        _places[id] = handle;
        return new RankingCandidate
        {
            Handle = handle,
            Cosine = float.NaN,
            Class = Label("c", SearchHits.Field(hit, Core.Catalog.ProductFields.Class)),
            Parent = Label("p", SearchHits.Field(hit, IndexFields.Parent)),
        };
    }

    /// <summary>A number for a value: the same for the same one within the answer.</summary>
    private int Label(string kind, string? value)
    {
        if (value is null)
        {
            return -1;
        }

        var key = kind + value;
        if (!_labels.TryGetValue(key, out var label))
        {
            _labels.Add(key, label = _labels.Count);
        }

        return label;
    }

    private static void ReadMatched(JsonElement hit, WordPlan plan, ref RankingCandidate candidate)
    {
        candidate.Coverage = plan.Words.Length < 2 ? plan.Words.Length : 0;
        if (!hit.TryGetProperty("matched_queries", out var names))
        {
            return;
        }

        Span<int> verdicts = stackalloc int[Core.Catalog.CatalogLimits.QueryTerms];
        verdicts.Clear();
        foreach (var name in names.EnumerateArray())
        {
            var text = name.GetString()!;
            if (text[0] is MatchQuery.Lacks or MatchQuery.HasIt)
            {
                // A product that says it lacks it may name it, too: saying so counts.
                ref var verdict = ref verdicts[Math.Min(Number(text.AsSpan(1)), verdicts.Length - 1)];
                verdict = text[0] == MatchQuery.Lacks || verdict == 1 ? 1 : -1;
            }
            else if (Number(text) is var word && word < plan.Words.Length)
            {
                candidate.Coverage += plan.Words[word].Idf / plan.TotalIdf;
            }
        }

        var sum = 0;
        foreach (var verdict in verdicts)
        {
            sum += verdict;
        }

        candidate.Exclusion = Math.Clamp(sum, -1, 1);
    }

    private static int Number(ReadOnlySpan<char> text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether the query names the whole brand.</summary>
    private static bool Names(Dictionary<string, bool> known, string brand, LiveIndex index, WordPlan plan)
    {
        if (!known.TryGetValue(brand, out var named))
        {
            var tokens = new List<TextToken>();
            index.Analyzer.Analyze(brand, tokens);
            known.Add(brand, named = tokens.Count > 0 && tokens.TrueForAll(t => plan.Has(t.Term)));
        }

        return named;
    }
}
