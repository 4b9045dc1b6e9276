namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>Where vectors come from.</summary>
public enum EmbeddingsProvider
{
    /// <summary>A model trained on the catalog itself, without any service.</summary>
    Catalog = 0,

    /// <summary>OpenAI, or anything that answers <c>/v1/embeddings</c> as it does: Ollama, TEI, vLLM.</summary>
    OpenAi,

    /// <summary>Amazon Bedrock: Titan Text Embeddings V2, Cohere Embed.</summary>
    Bedrock,

    /// <summary>No vectors: catalogs answer by words alone.</summary>
    None,
}
