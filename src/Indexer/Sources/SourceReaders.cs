namespace AiPlatform.Indexer.Sources;

/// <summary>Opens sources on this machine, for whoever needs no other; <see cref="SourceOpener"/> opens all of them.</summary>
public static class SourceReaders
{
    /// <summary>Opens a JSONL or CSV file, plain or gzip (told by its content, not its name), or a folder of such files.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="options">How to read it.</param>
    /// <exception cref="SourceException">There is no such file, or the folder holds none.</exception>
    public static ISourceReader Open(string path, SourceOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(options);
        var place = new Local.LocalPlace(path);
        return new SourceReader(place, place.List(), options);
    }
}
