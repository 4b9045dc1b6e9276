using Microsoft.Extensions.AI;

namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>Cuts texts into requests of a bounded number and makes a bounded number of them at once. Answers in the order of the texts; the first failure gives up the rest.</summary>
internal sealed class BatchedEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, int batchSize, int concurrency) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var batches = values.Chunk(batchSize).ToArray();
        if (batches.Length == 1)
        {
            return await base.GenerateAsync(batches[0], options, cancellationToken).ConfigureAwait(false);
        }

        var answers = new GeneratedEmbeddings<Embedding<float>>[batches.Length];
        await Parallel.ForAsync(
            0,
            batches.Length,
            new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken },
            async (i, token) => answers[i] = await base.GenerateAsync(batches[i], options, token).ConfigureAwait(false)).ConfigureAwait(false);
        return new GeneratedEmbeddings<Embedding<float>>(answers.SelectMany(a => a));
    }
}
