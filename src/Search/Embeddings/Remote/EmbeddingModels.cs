namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>What is known of models by their names.</summary>
public static class EmbeddingModels
{
    private static readonly (string Part, int Dimensions, bool CanCut)[] Known =
    [
        ("text-embedding-3-small", 1_536, true),
        ("text-embedding-3-large", 3_072, true),
        ("text-embedding-ada-002", 1_536, false),
        ("titan-embed-text-v2", 1_024, true),
        ("cohere.embed-v4", 1_536, true),
        ("cohere.embed-", 1_024, false),
    ];

    /// <summary>Length of a model's vectors unless another is asked for; 0 when the model is not known.</summary>
    public static int Dimensions(string model) => Find(model).Dimensions;

    /// <summary>Whether a model is known to make vectors of a length that is asked for.</summary>
    public static bool CanCut(string model) => Find(model).CanCut;

    internal static bool IsTitan(string model) => model.Contains("titan-embed-text-v2", StringComparison.Ordinal);

    internal static bool IsCohere(string model) => model.Contains("cohere.embed-", StringComparison.Ordinal);

    private static (string Part, int Dimensions, bool CanCut) Find(string model) => Array.Find(Known, k => model.Contains(k.Part, StringComparison.Ordinal));
}
