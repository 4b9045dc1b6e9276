using System.Security.Cryptography;
using System.Text;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded;
using AiPlatform.Search.Embeddings;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>The real engine with its real default embeddings, over the same products as the oracle.</summary>
internal sealed class EmbeddedIndex : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aiplatform-index-").FullName;

    private EmbeddedIndex() => Catalog = new EmbeddedCatalog(
        new EmbeddedCatalogOptions { Directory = _folder },
        new QueryEmbedders([]),
        TimeProvider.System,
        NullLogger<EmbeddedCatalog>.Instance);

    public EmbeddedCatalog Catalog { get; }

    public static async Task<EmbeddedIndex> BuildAsync(IReadOnlyDictionary<string, IReadOnlyList<Product>> catalogs)
    {
        var index = new EmbeddedIndex();
        var system = new AccessScope.Issuer(() => AccessPolicy.Empty, new SilentAudit()).IssueSystem("tests", "build the test catalogs");
        foreach (var (name, products) in catalogs)
        {
            var embedder = CatalogEmbedderTrainer.Train(
                products.Where(p => p.IsVisibleToEveryone), TextAnalyzers.Get(TextAnalyzers.English), new CatalogEmbedderOptions(), CancellationToken.None);
            await using var build = await index.Catalog.BeginBuildAsync(
                system, new CatalogBuildRequest(name, "tests", TextAnalyzers.English, embedder.ModelId, embedder.Dimensions), CancellationToken.None);
            var vectors = await embedder.EmbedProductsAsync(products, CancellationToken.None);
            for (var i = 0; i < products.Count; i++)
            {
                var hash = SHA256.HashData(Encoding.UTF8.GetBytes(products[i].Id));
                var content = new ContentHash(BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8));
                await build.PutAsync(new IndexedProduct(products[i], content, content, vectors[i]), CancellationToken.None);
            }

            await build.AttachAsync(QueryEmbedders.CatalogModelAttachment, embedder.Save(), CancellationToken.None);
            await build.FinishAsync(deleteOthers: true, CancellationToken.None);
            await build.CommitAsync(CancellationToken.None);
        }

        return index;
    }

    public void Dispose()
    {
        Catalog.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
