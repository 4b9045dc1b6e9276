using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embeddings;

namespace AiPlatform.Search.Embedded;

/// <summary>The embedders of this process: the catalogs' own models, read from the generation's files, and the configured ones by model id.</summary>
/// <param name="configured">Embedders of remote or other models; may be empty.</param>
public sealed class QueryEmbedders(IEnumerable<IProductEmbedder> configured) : IQueryEmbedderSource
{
    /// <summary>The attachment that holds a catalog's own model.</summary>
    public const string CatalogModelAttachment = "catalog-embedder.bin";

    private readonly IProductEmbedder[] _configured = [.. configured];

    /// <inheritdoc/>
    public IProductEmbedder? Find(string modelId, Func<string, byte[]?> attachments)
    {
        ArgumentNullException.ThrowIfNull(attachments);
        var embedder = Array.Find(_configured, e => e.ModelId == modelId);
        return embedder is null && attachments(CatalogModelAttachment) is { } bytes && Load(bytes) is { } own && own.ModelId == modelId
            ? own
            : embedder;
    }

    private static CatalogEmbedder? Load(byte[] bytes)
    {
        try
        {
            return CatalogEmbedder.Load(bytes, TextAnalyzers.Get(CatalogModelFile.Read(bytes).Analyzer));
        }
        catch (CatalogModelException)
        {
            // A damaged model costs the vector leg, which the answers then say; the words still answer.
            return null;
        }
    }
}
