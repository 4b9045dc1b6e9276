namespace AiPlatform.Search.OpenSearch;

/// <summary>What holds the vectors inside OpenSearch.</summary>
public enum OpenSearchVectorEngine
{
    /// <summary>Lucene's HNSW: nothing native, good below some ten million vectors.</summary>
    Lucene,

    /// <summary>Faiss: native memory outside the heap, for more. The node needs the native library.</summary>
    Faiss,
}
