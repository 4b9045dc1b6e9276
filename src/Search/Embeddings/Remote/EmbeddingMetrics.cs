using System.Diagnostics.Metrics;

namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>The instruments of embedding services. Tags: model, input (query, document), and outcome of requests.</summary>
internal static class EmbeddingMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "AiPlatform.Embeddings";

    private static readonly Meter Meter = new(MeterName);

    public static readonly Counter<long> Texts = Meter.CreateCounter<long>("aiplatform.embeddings.texts", "{text}", "Texts embedded.");

    public static readonly Counter<long> Tokens = Meter.CreateCounter<long>("aiplatform.embeddings.tokens", "{token}", "Tokens, as the service counts them.");

    public static readonly Counter<double> Cost = Meter.CreateCounter<double>("aiplatform.embeddings.cost", "USD", "Cost of the tokens at the price set.");

    public static readonly Histogram<double> Duration = Meter.CreateHistogram<double>("aiplatform.embeddings.duration", "s", "How long requests took, failed ones included.");
}
