namespace AiPlatform.Indexer.Sources;

/// <summary>A place that holds the files of one source.</summary>
internal interface ISourcePlace : IAsyncDisposable
{
    /// <summary>Name for people, without folder.</summary>
    string Name { get; }

    /// <summary>The files in ordinal order of their names; null when the place still has the fingerprint <paramref name="known"/>.</summary>
    /// <exception cref="SourceException">There is nothing, or it cannot be reached.</exception>
    ValueTask<SourceListing?> ListAsync(string? known, CancellationToken cancellationToken);

    /// <summary>Whether the place is, behind the last row, as it was listed.</summary>
    ValueTask<bool> IsUnchangedAsync(SourceListing listing, CancellationToken cancellationToken);
}
