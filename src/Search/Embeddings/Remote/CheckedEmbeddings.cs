using System.Numerics.Tensors;
using Microsoft.Extensions.AI;

namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>Lets through only answers that can be vectors of the index: one a text, of the length meant, all values finite.</summary>
internal sealed class CheckedEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, RemoteModel model) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    /// <exception cref="EmbeddingException">The answer is none.</exception>
    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values as IReadOnlyList<string> ?? [.. values];
        var answer = await base.GenerateAsync(texts, options, cancellationToken).ConfigureAwait(false);
        if (answer.Count != texts.Count)
        {
            throw EmbeddingException.Malformed($"{answer.Count} vectors for {texts.Count} texts");
        }

        foreach (var embedding in answer)
        {
            if (embedding.Vector.Length != model.Dimensions)
            {
                throw new EmbeddingException(
                    "embeddings_wrong_dimension",
                    $"The model {model.Name} gives vectors of {embedding.Vector.Length} dimensions, not {model.Dimensions}. Set Embeddings:Dimensions to {embedding.Vector.Length}, or Embeddings:RequestDimensions where the model can cut its vectors.",
                    retryable: false);
            }

            if (!TensorPrimitives.IsFiniteAll(embedding.Vector.Span))
            {
                throw EmbeddingException.Malformed("a vector with values that are no numbers");
            }
        }

        return answer;
    }
}
