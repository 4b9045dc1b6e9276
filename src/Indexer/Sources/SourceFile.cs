using System.Buffers;

namespace AiPlatform.Indexer.Sources;

/// <summary>An open source file: its content, unpacked where it is gzip by its first bytes, and how far the stored file has been read.</summary>
internal sealed class SourceFile : IAsyncDisposable
{
    private const int HeadBytes = 4 * 1024;

    private static readonly SearchValues<byte> Blank = SearchValues.Create([(byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0xef, 0xbb, 0xbf]);

    private readonly PeekedStream _stored;
    private readonly List<IAsyncDisposable> _owned;

    private SourceFile(string name, PeekedStream stored, PeekedStream content, List<IAsyncDisposable> owned)
    {
        Name = name;
        _stored = stored;
        Content = content;
        _owned = owned;
    }

    /// <summary>The file's name without its folder.</summary>
    public string Name { get; }

    /// <summary>Stored bytes read so far.</summary>
    public long Position => _stored.Count;

    /// <summary>The unpacked content.</summary>
    public PeekedStream Content { get; }

    public static async ValueTask<SourceFile> OpenAsync(IStoredFile file, CancellationToken cancellationToken)
    {
        var stored = new PeekedStream(await file.OpenAsync(cancellationToken).ConfigureAwait(false));
        var owned = new List<IAsyncDisposable> { stored };
        try
        {
            var content = stored;
            for (var layers = file.IsPackedByTransport ? 2 : 1; layers > 0 && await IsGzipAsync(content, cancellationToken).ConfigureAwait(false); layers--)
            {
                var unpacked = new GzipContent(content);
                owned.Insert(0, unpacked);
                content = new PeekedStream(unpacked, stored);
            }

            return new SourceFile(file.Name, stored, content, owned);
        }
        catch (Exception e)
        {
            await DisposeAsync(owned).ConfigureAwait(false);
            throw Told(file.Name, 0, e) ?? e;
        }
    }

    /// <summary>Tells the format by the first character; before anything is read.</summary>
    public async ValueTask<SourceFormat> FormatByContentAsync(CancellationToken cancellationToken)
    {
        try
        {
            var head = await Content.PeekAsync(HeadBytes, cancellationToken).ConfigureAwait(false);
            var first = head.Span.IndexOfAnyExcept(Blank);
            return first >= 0 && head.Span[first] == '{' ? SourceFormat.Jsonl : SourceFormat.Csv;
        }
        catch (Exception e) when (Told(Name, 0, e) is { } told)
        {
            throw told;
        }
    }

    /// <summary>Reads the next line, turning what the system throws into a <see cref="SourceException"/> that names the line.</summary>
    public async ValueTask<bool> GuardAsync(LineReader lines, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (Told(Name, lines.Number, e) is { } told)
        {
            throw told;
        }
    }

    public ValueTask DisposeAsync() => DisposeAsync(_owned);

    private static async ValueTask<bool> IsGzipAsync(PeekedStream content, CancellationToken cancellationToken) =>
        (await content.PeekAsync(HeadBytes, cancellationToken).ConfigureAwait(false)).Span is [0x1f, 0x8b, ..];

    private static SourceException? Told(string name, long line, Exception failure) => failure switch
    {
        InvalidDataException or EndOfStreamException =>
            new SourceException("source_corrupt", $"{name} is damaged behind line {line}: {failure.Message} Fetch the file again.", failure),
        IOException or UnauthorizedAccessException => new SourceException("source_unreadable", $"{name} cannot be read behind line {line}: {failure.Message}", failure),
        _ => null,
    };

    private static async ValueTask DisposeAsync(List<IAsyncDisposable> owned)
    {
        foreach (var one in owned)
        {
            await one.DisposeAsync().ConfigureAwait(false);
        }
    }
}
