namespace AiPlatform.Indexer.Sources;

/// <summary>Opens source files.</summary>
public static class SourceReaders
{
    /// <summary>Opens a JSONL or CSV file, plain or gzip (told by its content, not its name).</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read it.</param>
    /// <exception cref="SourceException">The file is missing, cannot be opened, or its format cannot be told.</exception>
    public static ISourceReader Open(string path, SourceOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(options);
        var format = options.Format == SourceFormat.Auto ? FormatOf(path) : options.Format;
        var file = SourceFile.Open(path);
        return format == SourceFormat.Csv
            ? new CsvSourceReader(file, options.Delimiter ?? (Extension(path) == ".tsv" ? '\t' : null))
            : new JsonlSourceReader(file);
    }

    private static SourceFormat FormatOf(string path) => Extension(path) switch
    {
        ".jsonl" or ".ndjson" or ".json" => SourceFormat.Jsonl,
        ".csv" or ".tsv" => SourceFormat.Csv,
        _ => FormatByContent(path),
    };

    private static string Extension(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToLowerInvariant();
    }

    private static SourceFormat FormatByContent(string path)
    {
        using var file = SourceFile.Open(path);
        try
        {
            int next;
            do
            {
                next = file.Content.ReadByte();
            }
            while (next is ' ' or '\t' or '\r' or '\n' or 0xef or 0xbb or 0xbf);
            return next == '{' ? SourceFormat.Jsonl : SourceFormat.Csv;
        }
        catch (InvalidDataException e)
        {
            throw new SourceException("source_corrupt", $"'{path}' is damaged: {e.Message} Fetch the file again.", e);
        }
    }
}
