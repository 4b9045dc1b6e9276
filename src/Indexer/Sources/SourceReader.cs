using System.Runtime.CompilerServices;

namespace AiPlatform.Indexer.Sources;

/// <summary>Reads the files of a source one after another.</summary>
/// <param name="place">Where the files are; disposed with the reader.</param>
/// <param name="listing">The files.</param>
/// <param name="options">How to read them.</param>
internal sealed class SourceReader(ISourcePlace place, SourceListing listing, SourceOptions options) : ISourceReader
{
    private SourceFile? _current;
    private long _before;

    public string Name => place.Name;

    public long? Length { get; } = listing.Files.All(f => f.Length is not null) ? listing.Files.Sum(f => f.Length) : null;

    public long Position => Volatile.Read(ref _before) + (Volatile.Read(ref _current)?.Position ?? 0);

    public string? Fingerprint => listing.Fingerprint;

    public async IAsyncEnumerable<SourceRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var stored in listing.Files)
        {
            await using var file = await SourceFile.OpenAsync(stored, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _current, file);
            var name = listing.Files.Count > 1 ? stored.Name : "";
            await foreach (var row in (await RowsAsync(file, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false))
            {
                yield return row with { File = name };
            }

            Volatile.Write(ref _current, null);
            Volatile.Write(ref _before, _before + file.Position);
        }

        if (!await place.IsUnchangedAsync(listing, cancellationToken).ConfigureAwait(false))
        {
            throw Changed(Name);
        }
    }

    public ValueTask DisposeAsync() => place.DisposeAsync();

    /// <summary>What is said of a source that is not what it was when reading began.</summary>
    public static SourceException Changed(string name, Exception? inner = null) =>
        new("source_changed", $"{name} was changed while it was read: its rows may be of two states. Start again when it is written; write it beside and rename it to have it whole at any time.", inner);

    private async ValueTask<IAsyncEnumerable<SourceRow>> RowsAsync(SourceFile file, CancellationToken cancellationToken)
    {
        var format = options.Format == SourceFormat.Auto ? FormatOf(file.Name) : options.Format;
        if (format == SourceFormat.Auto)
        {
            format = await file.FormatByContentAsync(cancellationToken).ConfigureAwait(false);
        }

        return format == SourceFormat.Csv
            ? new CsvSourceReader(file, options.Delimiter ?? (Extension(file.Name) == ".tsv" ? '\t' : null)).ReadAsync(cancellationToken)
            : new JsonlSourceReader(file).ReadAsync(cancellationToken);
    }

    private static SourceFormat FormatOf(string name) => Extension(name) switch
    {
        ".jsonl" or ".ndjson" or ".json" => SourceFormat.Jsonl,
        ".csv" or ".tsv" => SourceFormat.Csv,
        _ => SourceFormat.Auto,
    };

    private static string Extension(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToLowerInvariant();
    }
}
