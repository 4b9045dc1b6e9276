using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Engine;

/// <summary>Writes a whole catalog through the store's contract.</summary>
internal static class CatalogWriter
{
    private const int Batch = 256;

    public static async Task<GenerationInfo> WriteAsync(
        ICatalogStore store, AccessScope system, CatalogBuildRequest request, IEnumerable<Product> products, IProductEmbedder? embedder, Action<int>? progress, CancellationToken cancellationToken)
    {
        await using var build = await store.BeginBuildAsync(system, request, cancellationToken).ConfigureAwait(false);
        var written = 0;
        foreach (var batch in products.Chunk(Batch))
        {
            var vectors = embedder is null ? null : await embedder.EmbedProductsAsync(batch, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < batch.Length; i++)
            {
                var hash = HashOf(batch[i]);
                await build.PutAsync(new IndexedProduct(batch[i], hash, hash, vectors is null ? default : vectors[i]), cancellationToken).ConfigureAwait(false);
            }

            written += batch.Length;
            progress?.Invoke(written);
        }

        await build.FinishAsync(deleteOthers: true, cancellationToken).ConfigureAwait(false);
        return await build.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static ContentHash HashOf(Product product)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(product.Id + "\n" + product.Name + "\n" + product.Description), hash);
        return new ContentHash(BinaryPrimitives.ReadUInt64LittleEndian(hash), BinaryPrimitives.ReadUInt64LittleEndian(hash[8..]));
    }
}
