using System.Globalization;
using AiPlatform.Search.Embeddings;

namespace AiPlatform.Indexer.Gates;

/// <summary>Enough products have a vector, and the generation's model and dimension are the embedder's.</summary>
internal sealed class VectorsGate : IReindexGate
{
    /// <summary>Of fewer products the share says nothing: a model trained on them knows hardly a word.</summary>
    public const int MinProducts = 20;

    private const double DefaultMinCoverage = .5;

    public async ValueTask<GateResult> CheckAsync(Candidate candidate, CancellationToken cancellationToken)
    {
        var threshold = candidate.Settings.MinVectorCoverage ?? (CatalogEmbedder.IsOwnModel(candidate.EmbeddingModel) ? 0 : DefaultMinCoverage);
        if (candidate.EmbeddingModel.Length == 0 || candidate.Dimensions == 0 || candidate.Built.Products < MinProducts)
        {
            return new GateResult(GateNames.Vectors, Passed: true, 0, 0, "the catalog has no vectors, or too few products to tell") { Skipped = true };
        }

        var listed = await candidate.Index.ListCatalogsAsync(candidate.System, cancellationToken).ConfigureAwait(false);
        var model = listed.FirstOrDefault(c => c.Name == candidate.Catalog)?.EmbeddingModel ?? "";
        var coverage = (double)candidate.Built.WithVector / candidate.Built.Products;
        var passed = model == candidate.EmbeddingModel && coverage >= threshold;
        var share = (coverage * 100).ToString("0.##", CultureInfo.InvariantCulture);
        var detail = passed ? $"{share}% of the products have a vector of {candidate.Dimensions} dimensions"
            : model != candidate.EmbeddingModel ? $"The new generation says it has vectors of the model '{model}', not '{candidate.EmbeddingModel}'. Index the catalog again."
            : FormattableString.Invariant($"{share}% of the products have a vector, less than {threshold * 100:0.##}%. Check the embedding model and the texts it is given, or lower Gates:MinVectorCoverage.");
        return new GateResult(GateNames.Vectors, passed, coverage, threshold, detail) { Code = "vector_coverage" };
    }
}
