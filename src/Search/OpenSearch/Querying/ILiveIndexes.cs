namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>Which index answers for a catalog. Thread-safe; may remember for a moment.</summary>
internal interface ILiveIndexes
{
    /// <summary>Names of the catalogs that have a live generation, in order.</summary>
    ValueTask<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken);

    /// <summary>The live generation; null when there is no such catalog. Any text may be asked for.</summary>
    ValueTask<LiveIndex?> FindAsync(string catalog, CancellationToken cancellationToken);

    /// <summary>The index that was answered is gone, because another generation was swapped in and this one removed: look again.</summary>
    void Forget(LiveIndex gone);
}
