using System.Globalization;

namespace AiPlatform.Indexer.Sources.Local;

/// <summary>A file of this machine, or the data files of a folder (not of folders in it).</summary>
/// <param name="path">File or folder, relative to the working folder.</param>
internal sealed class LocalPlace(string path) : ISourcePlace
{
    private const string Kind = "file";

    private readonly string _path = Path.GetFullPath(path);

    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(_path)) is { Length: > 0 } name ? name : _path;

    public ValueTask<SourceListing?> ListAsync(string? known, CancellationToken cancellationToken) =>
        ValueTask.FromResult(List() is var listing && listing.Fingerprint == known ? null : listing);

    public ValueTask<bool> IsUnchangedAsync(SourceListing listing, CancellationToken cancellationToken)
    {
        try
        {
            return ValueTask.FromResult(List().Fingerprint == listing.Fingerprint);
        }
        catch (SourceException)
        {
            return ValueTask.FromResult(false);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The files as they are now.</summary>
    public SourceListing List()
    {
        try
        {
            var files = Directory.Exists(_path) ? FilesOf(new DirectoryInfo(_path)) : [Read(new FileInfo(_path))];
            return files is [{ Exists: false }]
                ? throw new SourceException("source_not_found", $"There is no file or folder '{path}'. Check the source.")
                : new SourceListing([.. files.Select(f => new LocalFile(f.FullName, f.Name, f.Length))], SourceListing.Digest(Kind, files.SelectMany(Signs)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException("source_unreadable", $"'{path}' cannot be looked at: {e.Message}", e);
        }
    }

    private FileInfo[] FilesOf(DirectoryInfo folder)
    {
        FileInfo[] files = [.. folder.EnumerateFiles().Where(f => SourceListing.IsData(f.Name)).Take(SourceLimits.Files + 1).Select(Read)];
        SourceListing.Check(files.Length, $"The folder '{path}'");
        Array.Sort(files, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return files;
    }

    /// <summary>The file a link leads to: its size and time are the ones that tell a change.</summary>
    private static FileInfo Read(FileInfo file)
    {
        LocalKind.Check(file.FullName);
        return file.Exists && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target ? target : file;
    }

    private static string[] Signs(FileInfo file) =>
        [file.FullName, file.Length.ToString(CultureInfo.InvariantCulture), file.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture)];
}
