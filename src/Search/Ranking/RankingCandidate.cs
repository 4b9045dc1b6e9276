namespace AiPlatform.Search.Ranking;

/// <summary>What ranking reads of one candidate: the same from every engine.</summary>
public struct RankingCandidate
{
    /// <summary>The engine's own number of the product.</summary>
    public int Handle { get; set; }

    /// <summary>Score of the lexical leg; 0 when that leg did not find it.</summary>
    public float Lexical { get; set; }

    /// <summary>Cosine of query and product; NaN when there is none.</summary>
    public float Cosine { get; set; }

    /// <summary>Position in the vector leg from 1; 0 when that leg did not find it.</summary>
    public int VectorRank { get; set; }

    /// <summary>Number of the class: equal numbers for equal classes within the answer; negative for none.</summary>
    public int Class { get; set; }

    /// <summary>Number of the category above the leaf; negative for none.</summary>
    public int Parent { get; set; }

    /// <summary>Share of the query's terms, weighted by idf, that the product has anywhere; 0 to 1.</summary>
    public float Coverage { get; set; }

    /// <summary>The whole brand occurs in the query.</summary>
    public bool BrandMatch { get; set; }

    /// <summary>1 where the product says it lacks what the query excludes ("without handles"), -1 where name or class has it, else 0.</summary>
    public int Exclusion { get; set; }

    /// <summary>What ranking computed; the order of the answer.</summary>
    public float Final { get; set; }
}
