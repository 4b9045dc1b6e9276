using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Embeddings;

/// <summary>
/// Whether a catalog model must be trained again for a new generation. It must when a product it learned from is gone or no longer visible to everyone (the model would keep
/// what nobody may know any more), and when the public products have grown, shrunk or changed by more than a tenth since. Show it every product once, then ask.
/// Not thread-safe.
/// </summary>
/// <param name="embedder">The model of the generation before.</param>
public sealed class CatalogRetrainCheck(CatalogEmbedder embedder)
{
    private const double Tolerated = .1;

    private readonly bool[] _seen = new bool[embedder.TrainingProducts.Length];
    private int _public;
    private int _found;
    private int _changed;

    /// <summary>Takes one product of the new generation; each once. O(log training products).</summary>
    public void See(Product product)
    {
        ArgumentNullException.ThrowIfNull(product);
        if (!product.IsVisibleToEveryone)
        {
            return;
        }

        _public++;
        var at = embedder.TrainingProducts.BinarySearch(CatalogEmbedder.HashId(product.Id));
        if (at >= 0 && !_seen[at])
        {
            _seen[at] = true;
            _found++;
            _changed += embedder.Model.TrainingTexts[at] == CatalogEmbedder.HashText(embedder.TextOf(product)) ? 0 : 1;
        }
    }

    /// <summary>Whether to train again; the reason is for the log.</summary>
    public bool MustRetrain(out string reason)
    {
        var trained = embedder.TrainingProducts.Length;
        reason = 0 switch
        {
            _ when _found < trained => $"{trained - _found} of {trained} training products are gone or no longer visible to everyone",
            _ when Math.Abs(_public - embedder.PublicProducts) > Tolerated * embedder.PublicProducts => $"public products went from {embedder.PublicProducts} to {_public}",
            _ when _changed > Tolerated * trained => $"{_changed} of {trained} training products changed",
            _ => "",
        };
        return reason.Length > 0;
    }
}
