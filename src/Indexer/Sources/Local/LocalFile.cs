namespace AiPlatform.Indexer.Sources.Local;

/// <summary>A file of this machine.</summary>
/// <param name="path">Where it is, absolute.</param>
/// <param name="name">Its name.</param>
/// <param name="length">Its size when it was listed.</param>
internal sealed class LocalFile(string path, string name, long length) : IStoredFile
{
    private const int BufferBytes = 64 * 1024;

    public string Name => name;

    public long? Length => length;

    public bool IsPackedByTransport => false;

    public ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        // Once more: it may have been replaced since it was listed.
        LocalKind.Check(path);
        try
        {
            return ValueTask.FromResult<Stream>(new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan | FileOptions.Asynchronous, BufferSize = BufferBytes }));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw SourceReader.Changed(name, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SourceException("source_forbidden", $"The file '{path}' may not be read by this process. Give it the right to.", e);
        }
        catch (IOException e)
        {
            throw new SourceException("source_unreadable", $"The file '{path}' cannot be opened: {e.Message}", e);
        }
    }
}
