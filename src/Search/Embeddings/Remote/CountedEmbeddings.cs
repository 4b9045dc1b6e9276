using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>Counts what is asked of a service, for metrics and for reports. Thread-safe.</summary>
internal sealed class CountedEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, RemoteModel model, decimal pricePerMillionTokens, TimeProvider time)
    : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    private const decimal Million = 1_000_000;

    private long _requests;
    private long _texts;
    private long _tokens;

    /// <summary>What was asked through this generator so far.</summary>
    public EmbeddingUsage Usage
    {
        get
        {
            var tokens = Volatile.Read(ref _tokens);
            return new EmbeddingUsage(Volatile.Read(ref _requests), Volatile.Read(ref _texts), tokens, pricePerMillionTokens > 0 ? CostOf(tokens) : null);
        }
    }

    public override async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values as IReadOnlyList<string> ?? [.. values];
        var started = time.GetTimestamp();
        var tags = new TagList { { "model", model.Name }, { "input", EmbeddingInput.IsQuery(options) ? "query" : "document" } };
        try
        {
            var answer = await base.GenerateAsync(texts, options, cancellationToken).ConfigureAwait(false);
            var tokens = answer.Usage?.InputTokenCount ?? 0;
            Interlocked.Increment(ref _requests);
            Interlocked.Add(ref _texts, texts.Count);
            Interlocked.Add(ref _tokens, tokens);
            EmbeddingMetrics.Texts.Add(texts.Count, tags);
            EmbeddingMetrics.Tokens.Add(tokens, tags);
            EmbeddingMetrics.Cost.Add((double)CostOf(tokens), tags);
            tags.Add("outcome", "ok");
            return answer;
        }
        catch (Exception e)
        {
            tags.Add("outcome", e is EmbeddingException known ? known.Code : e is OperationCanceledException ? "cancelled" : "error");
            throw;
        }
        finally
        {
            EmbeddingMetrics.Duration.Record(time.GetElapsedTime(started).TotalSeconds, tags);
        }
    }

    private decimal CostOf(long tokens) => tokens * pricePerMillionTokens / Million;
}
