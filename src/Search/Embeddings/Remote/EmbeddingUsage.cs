namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>What was asked of an embedding service.</summary>
/// <param name="Requests">Requests answered.</param>
/// <param name="Texts">Texts embedded.</param>
/// <param name="Tokens">Tokens as the service counted them; 0 where it does not say.</param>
/// <param name="Cost">US dollars; null where no price is set.</param>
public sealed record EmbeddingUsage(long Requests, long Texts, long Tokens, decimal? Cost);
