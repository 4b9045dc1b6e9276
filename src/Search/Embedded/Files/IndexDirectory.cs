using System.Runtime.InteropServices;

namespace AiPlatform.Search.Embedded.Files;

/// <summary>The operations on a real folder.</summary>
internal sealed class IndexDirectory : IIndexDirectory
{
    private const int ReadOnlyFlag = 0;
    private readonly string _path;

    /// <summary>Creates the folder when it is missing.</summary>
    public IndexDirectory(string path)
    {
        _path = Path.GetFullPath(path);
        if (!Directory.Exists(_path))
        {
            Directory.CreateDirectory(_path);
            SyncFolder(Path.GetDirectoryName(_path)!);
        }
    }

    public string PathOf(string name) => Path.Combine(_path, name);

    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(_path).Select(f => Path.GetFileName(f)!)];

    public byte[]? Read(string name)
    {
        try
        {
            return File.ReadAllBytes(PathOf(name));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public Stream Create(string name) =>
        new FileStream(PathOf(name), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);

    public Stream Continue(string name, long length)
    {
        var stream = new FileStream(PathOf(name), FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
        stream.SetLength(length);
        stream.Position = length;
        return stream;
    }

    public void Sync(string name)
    {
        using var handle = File.OpenHandle(PathOf(name), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: true);

    public void SyncEntries() => SyncFolder(_path);

    private static void SyncFolder(string path)
    {
        // Windows journals directory entries and cannot open a folder this way.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = NativeMethods.Open(path, ReadOnlyFlag);
        if (descriptor < 0)
        {
            throw new IOException($"Cannot open the folder {path} to sync it (errno {Marshal.GetLastPInvokeError()}).");
        }

        var outcome = NativeMethods.FSync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = NativeMethods.Close(descriptor);
        if (outcome != 0)
        {
            throw new IOException($"Cannot sync the folder {path} (errno {error}).");
        }
    }

    public void Delete(string name)
    {
        try
        {
            File.Delete(PathOf(name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Still mapped by a reader on a platform that forbids it: the next build removes it.
        }
    }

    public IDisposable? TryLock(string name)
    {
        try
        {
            return new FileStream(PathOf(name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        internal static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        internal static extern int FSync(int descriptor);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        internal static extern int Close(int descriptor);
    }
}
