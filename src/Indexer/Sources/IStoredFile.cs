namespace AiPlatform.Indexer.Sources;

/// <summary>One file of a source, as it was when it was listed.</summary>
internal interface IStoredFile
{
    /// <summary>Its name, by whose ending its format is told.</summary>
    string Name { get; }

    /// <summary>Bytes as stored; null when not known.</summary>
    long? Length { get; }

    /// <summary>Whether the transport packed it on top of what is stored.</summary>
    bool IsPackedByTransport { get; }

    /// <summary>Opens the stored bytes from the start. Called once at most; the caller disposes the stream, which is read asynchronously only.</summary>
    /// <exception cref="SourceException">It is gone, changed or cannot be reached.</exception>
    ValueTask<Stream> OpenAsync(CancellationToken cancellationToken);
}
