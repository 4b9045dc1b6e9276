namespace AiPlatform.Search.Embeddings;

/// <summary>Bytes that are no usable catalog model. The index must be built again, which trains a new one.</summary>
/// <param name="code">Stable snake_case code: <c>model_damaged</c>, <c>model_version</c> or <c>model_analyzer</c>.</param>
/// <param name="message">What is wrong and what to do.</param>
public sealed class CatalogModelException(string code, string message) : Exception(message)
{
    /// <summary>Stable snake_case code.</summary>
    public string Code { get; } = code;
}
