namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>A model of a service, as the settings and what is known of it say. Immutable.</summary>
/// <param name="Name">Its name at the service.</param>
/// <param name="Dimensions">Length of its vectors.</param>
/// <param name="RequestDimensions">Whether that length is asked for in every request.</param>
/// <param name="BaseUrl">Where the service is; empty for the provider's own.</param>
internal sealed record RemoteModel(string Name, int Dimensions, bool RequestDimensions, string BaseUrl)
{
    /// <summary>Name of the model's vectors: those of another length are others.</summary>
    public string Id => $"{Name}@{Dimensions}";

    public static RemoteModel Of(EmbeddingsOptions options) => new(
        options.Model,
        options.Dimensions > 0 ? options.Dimensions : EmbeddingModels.Dimensions(options.Model),
        options.RequestDimensions ?? EmbeddingModels.CanCut(options.Model),
        options.BaseUrl);
}
