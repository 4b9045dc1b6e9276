namespace AiPlatform.Indexer.Sources;

/// <summary>An open source file: its content, unpacked when it is gzip by its first bytes, and how far the stored file has been read.</summary>
internal sealed class SourceFile : IAsyncDisposable, IDisposable
{
    private readonly FileStream _stored;
    private long _position;

    private SourceFile(FileStream stored, Stream content, string name)
    {
        _stored = stored;
        Content = content;
        Name = name;
        Length = stored.Length;
    }

    /// <summary>The file's name without its folder.</summary>
    public string Name { get; }

    /// <summary>Bytes as stored.</summary>
    public long Length { get; }

    /// <summary>Stored bytes read so far.</summary>
    public long Position => Math.Min(Volatile.Read(ref _position), Length);

    /// <summary>The unpacked content.</summary>
    public Stream Content { get; }

    public static SourceFile Open(string path)
    {
        FileStream stored;
        try
        {
            stored = new FileStream(path, new FileStreamOptions { Options = FileOptions.SequentialScan | FileOptions.Asynchronous, BufferSize = 64 * 1024 });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SourceException("source_not_found", $"There is no file '{path}'. Check --source.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException("source_unreadable", $"The file '{path}' cannot be opened: {e.Message}", e);
        }

        Span<byte> magic = stackalloc byte[2];
        var gzip = stored.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1f, 0x8b];
        stored.Position = 0;
        return new SourceFile(stored, gzip ? new GzipContent(stored) : stored, Path.GetFileName(path));
    }

    /// <summary>Reads the next line, turning what the system throws into a <see cref="SourceException"/> that names the line.</summary>
    public async ValueTask<bool> GuardAsync(LineReader lines, CancellationToken cancellationToken)
    {
        try
        {
            var more = await lines.ReadAsync(cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _position, _stored.Position);
            return more;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new SourceException("source_corrupt", $"{Name} is damaged behind line {lines.Number}: {e.Message} Fetch the file again.", e);
        }
        catch (IOException e)
        {
            throw new SourceException("source_unreadable", $"{Name} cannot be read behind line {lines.Number}: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync().ConfigureAwait(false);
        await _stored.DisposeAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        Content.Dispose();
        _stored.Dispose();
    }
}
