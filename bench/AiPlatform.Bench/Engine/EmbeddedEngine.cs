using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Bench.Engine;

/// <summary>The in-process engine with its default options.</summary>
internal static class EmbeddedEngine
{
    public static BenchEngine Open(string folder, IProductEmbedder? embedder)
    {
        var catalog = new EmbeddedCatalog(
            new EmbeddedCatalogOptions { Directory = folder }, new FixedEmbedder(embedder), TimeProvider.System, NullLogger<EmbeddedCatalog>.Instance);
        return new BenchEngine(catalog, catalog, catalog);
    }

    private sealed class FixedEmbedder(IProductEmbedder? embedder) : IQueryEmbedderSource
    {
        public IProductEmbedder? Find(string modelId, Func<string, byte[]?> attachment) => embedder?.ModelId == modelId ? embedder : null;
    }
}
