namespace AiPlatform.Indexer.Sources;

/// <summary>A source of rows, read once from start to end in constant memory. Not thread-safe; <see cref="Position"/> may be read from another thread.</summary>
public interface ISourceReader : IAsyncDisposable
{
    /// <summary>The source's name for people, such as the file's name.</summary>
    string Name { get; }

    /// <summary>Length in bytes as stored (compressed); null when not known.</summary>
    long? Length { get; }

    /// <summary>Bytes read so far of <see cref="Length"/>.</summary>
    long Position { get; }

    /// <summary>The rows in order, each either a tree or a fault; blank lines give none. May be enumerated once.</summary>
    /// <exception cref="SourceException">The source cannot be read on: it is truncated, corrupt or has no usable header.</exception>
    IAsyncEnumerable<SourceRow> ReadAsync(CancellationToken cancellationToken);
}
