namespace AiPlatform.Indexer.Gates;

/// <summary>The generation holds as many products as were written, and no fewer vectors.</summary>
internal sealed class CountsGate : IReindexGate
{
    public ValueTask<GateResult> CheckAsync(Candidate candidate, CancellationToken cancellationToken)
    {
        var (built, products, vectors) = (candidate.Built, candidate.ExpectedProducts, candidate.ExpectedVectors);
        var passed = built.Products == products && built.WithVector >= vectors;
        var detail = passed
            ? $"{products} products, {built.WithVector} with a vector"
            : $"The new generation holds {built.Products} products, {built.WithVector} with a vector; {products} and {vectors} were written. Check the disk, then try again.";
        return ValueTask.FromResult(new GateResult(GateNames.Counts, passed, built.Products, products, detail) { Code = "verification_failed" });
    }
}
