namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>Knows one index only: a build's candidate, before it is live.</summary>
/// <param name="index">The index.</param>
internal sealed class SingleIndex(LiveIndex index) : ILiveIndexes
{
    public ValueTask<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>([index.Catalog]);

    public ValueTask<LiveIndex?> FindAsync(string catalog, CancellationToken cancellationToken) => ValueTask.FromResult(catalog == index.Catalog ? index : null);

    public void Forget(LiveIndex gone)
    {
    }
}
