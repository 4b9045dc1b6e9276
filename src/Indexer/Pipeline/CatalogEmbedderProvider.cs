using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded;
using AiPlatform.Search.Embeddings;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// The default embedder: a model trained on the catalog's own public products, stored with every generation, and used again as long as
/// <see cref="CatalogRetrainCheck"/> allows. <see cref="QueryEmbedders"/> finds it again for queries. Thread-safe.
/// </summary>
/// <param name="options">How models are trained.</param>
/// <param name="logger">Told why a model is trained.</param>
public sealed class CatalogEmbedderProvider(CatalogEmbedderOptions options, ILogger<CatalogEmbedderProvider> logger) : IEmbedderProvider
{
    /// <inheritdoc/>
    public async ValueTask<PreparedEmbedder?> PrepareAsync(EmbedderRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var analyzer = TextAnalyzers.Get(request.Analyzer);
        var stored = request.Retrain ? null : await StoredAsync(request, cancellationToken).ConfigureAwait(false);
        var embedder = stored is null ? null : Reusable(stored, analyzer, request, cancellationToken);
        var reused = embedder is not null;
        embedder ??= CatalogEmbedderTrainer.Train(request.PublicProducts, analyzer, options, cancellationToken);
        return new PreparedEmbedder(embedder, QueryEmbedders.CatalogModelAttachment, embedder.Save(), reused);
    }

    /// <summary>The model of the generation before; null when there is none, or none that can be read: another is trained.</summary>
    private static async ValueTask<byte[]?> StoredAsync(EmbedderRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await request.Previous.ReadAttachmentAsync(QueryEmbedders.CatalogModelAttachment, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private CatalogEmbedder? Reusable(byte[] stored, ITextAnalyzer analyzer, EmbedderRequest request, CancellationToken cancellationToken)
    {
        string reason;
        try
        {
            var embedder = CatalogEmbedder.Load(stored, analyzer);
            if (request.Incremental)
            {
                return embedder;
            }

            var check = new CatalogRetrainCheck(embedder);
            foreach (var product in request.PublicProducts)
            {
                cancellationToken.ThrowIfCancellationRequested();
                check.See(product);
            }

            if (!check.MustRetrain(out reason))
            {
                return embedder;
            }
        }
        catch (CatalogModelException e)
        {
            reason = e.Message;
        }

        Log.Retrain(logger, request.Catalog, reason);
        return null;
    }
}
