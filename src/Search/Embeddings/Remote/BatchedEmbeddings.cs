using Microsoft.Extensions.AI;

namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>Cuts texts into requests of a bounded size and makes a bounded number of them at once. Answers in the order of the texts; the first failure gives up the rest.</summary>
/// <param name="inner">Makes one request.</param>
/// <param name="batchSize">Texts of one request.</param>
/// <param name="concurrency">Requests of one call at once.</param>
/// <param name="gate">Bounds the requests of all calls together; not owned.</param>
internal sealed class BatchedEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, int batchSize, int concurrency, SemaphoreSlim gate) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var batches = values.Chunk(batchSize).ToArray();
        var answers = new GeneratedEmbeddings<Embedding<float>>[batches.Length];
        await Parallel.ForAsync(
            0,
            batches.Length,
            new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken },
            async (i, token) => answers[i] = await GatedAsync(batches[i], options, token).ConfigureAwait(false)).ConfigureAwait(false);
        return new GeneratedEmbeddings<Embedding<float>>(answers.SelectMany(a => a));
    }

    private async Task<GeneratedEmbeddings<Embedding<float>>> GatedAsync(string[] texts, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await base.GenerateAsync(texts, options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }
}
