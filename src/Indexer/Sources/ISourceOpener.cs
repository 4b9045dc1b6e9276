namespace AiPlatform.Indexer.Sources;

/// <summary>Opens sources by their location: a file, a folder, <c>s3://bucket/prefix</c>, <c>http(s)://…</c>. Thread-safe.</summary>
public interface ISourceOpener
{
    /// <summary>Opens a source. Its rows are read afterwards; a feed is asked for at once.</summary>
    /// <param name="location">Where it is.</param>
    /// <param name="options">How to read it.</param>
    /// <param name="known">A fingerprint of the source that the caller has read already; null to open it in any case.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The source; null when it still has the fingerprint <paramref name="known"/>.</returns>
    /// <exception cref="SourceException">The location makes no sense, or nothing can be read there.</exception>
    ValueTask<ISourceReader?> OpenAsync(string location, SourceOptions options, string? known, CancellationToken cancellationToken);
}
