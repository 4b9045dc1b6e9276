namespace AiPlatform.Indexer.Sources;

/// <summary>A source of rows, read once from start to end in constant memory. Not thread-safe; <see cref="Position"/> may be read from another thread.</summary>
public interface ISourceReader : IAsyncDisposable
{
    /// <summary>The source's name for people, such as the file's name. Holds neither folder nor credentials.</summary>
    string Name { get; }

    /// <summary>Length in bytes as stored (compressed), all files together; null when not known.</summary>
    long? Length { get; }

    /// <summary>Bytes read so far of <see cref="Length"/>.</summary>
    long Position { get; }

    /// <summary>
    /// Stands for the state of the source: two readers of the same fingerprint give the same rows. Made of path, size and time of the files, of keys and ETags, or of the
    /// ETag or date of a feed. At most 1,100 characters; null where the source gives no sign of its state.
    /// </summary>
    string? Fingerprint { get; }

    /// <summary>The rows in order, each either a tree or a fault; blank lines give none. May be enumerated once.</summary>
    /// <exception cref="SourceException">The source cannot be read on: it is truncated, corrupt, changed meanwhile, or has no usable header.</exception>
    IAsyncEnumerable<SourceRow> ReadAsync(CancellationToken cancellationToken);
}
