using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Engine;

/// <summary>An engine over a folder, seen through the contracts only.</summary>
internal sealed class BenchEngine(ICatalogIndex index, ICatalogStore store, IDisposable owner) : IDisposable
{
    public ICatalogIndex Index { get; } = index;

    public ICatalogStore Store { get; } = store;

    public void Dispose() => owner.Dispose();
}
