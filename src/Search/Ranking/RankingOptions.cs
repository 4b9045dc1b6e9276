using System.ComponentModel.DataAnnotations;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embeddings;

namespace AiPlatform.Search.Ranking;

/// <summary>Weights of the ranking, the same for every engine. Lexical scores are divided by the best one first, so weights are shares of it.</summary>
public sealed class RankingOptions
{
    /// <summary>Best lexical candidates that are reranked. Default 100.</summary>
    [Range(10, 1000)]
    public int Window { get; set; } = 100;

    /// <summary>Candidates taken from the vector leg. Default 100.</summary>
    [Range(10, 1000)]
    public int VectorWindow { get; set; } = 100;

    /// <summary>Cosine below which a product that only the vector leg found is left out of a hybrid answer: it is near to nothing that was asked. Default .25.</summary>
    [Range(-1, 1)]
    public float MinCosine { get; set; } = .25f;

    /// <summary>Affinity to the classes of the best candidates. Default .06.</summary>
    [Range(0, 1)]
    public float ClassAffinity { get; set; } = .06f;

    /// <summary>Candidates the class affinity is learned from. Default 20.</summary>
    [Range(1, 100)]
    public int ClassAffinityDepth { get; set; } = 20;

    /// <summary>Affinity to the parent categories of the best candidates. Default .2.</summary>
    [Range(0, 1)]
    public float ParentAffinity { get; set; } = .2f;

    /// <summary>Candidates the parent affinity is learned from. Default 40.</summary>
    [Range(1, 100)]
    public int ParentAffinityDepth { get; set; } = 40;

    /// <summary>Cosine added to the lexical score in the first pass that affinity is learned from. Default 1.</summary>
    [Range(0, 1)]
    public float AffinityCosine { get; set; } = 1f;

    /// <summary>A brand that the query names. Default .06.</summary>
    [Range(0, 1)]
    public float Brand { get; set; } = .06f;

    /// <summary>Share of the query that the product covers. Default .12.</summary>
    [Range(0, 1)]
    public float Coverage { get; set; } = .12f;

    /// <summary>Taken off a product with an excluded term in name or class, given to one that says it lacks it. Default .1.</summary>
    [Range(0, 1)]
    public float Exclusion { get; set; } = .1f;

    /// <summary>Cosine added to the final score, for queries of <see cref="CosineMinTerms"/> terms or more. Default .1.</summary>
    [Range(0, 1)]
    public float Cosine { get; set; } = .1f;

    /// <summary>Terms from which on the cosine is added: head queries are hurt by it. Default 3.</summary>
    [Range(1, 100)]
    public int CosineMinTerms { get; set; } = 3;

    /// <summary>Share of the vector leg in the rank fusion; the lexical leg has the rest. Never equal shares: they lose up to a fifth of NDCG. Default .1.</summary>
    [Range(0, .49)]
    public float VectorWeight { get; set; } = .1f;

    /// <summary>The same for the catalog's own model, for queries of <see cref="CosineMinTerms"/> terms or more; shorter ones take only its recall, behind the lexical results. Default .1.</summary>
    [Range(0, .49)]
    public float OwnModelVectorWeight { get; set; } = .1f;

    /// <summary>Constant of the rank fusion (Cormack, Clarke, Büttcher 2009). Default 60.</summary>
    [Range(1, 1000)]
    public int FusionConstant { get; set; } = 60;

    /// <summary>The vector leg's share in the fusion for a query of so many terms.</summary>
    public float VectorShare(IProductEmbedder? embedder, int queryTerms) => embedder switch
    {
        CatalogEmbedder when queryTerms < CosineMinTerms => 0,
        CatalogEmbedder => OwnModelVectorWeight,
        _ => VectorWeight,
    };
}
