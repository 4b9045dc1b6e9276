using System.Runtime.InteropServices;

namespace AiPlatform.Indexer.Sources.Local;

/// <summary>
/// Tells regular files from what only has a name among them. To open a named pipe waits for who writes to it, perhaps for ever, and a device may have no end.
/// The framework does not tell them apart, so Linux is asked; elsewhere every file is taken for a regular one.
/// </summary>
internal static class LocalKind
{
    private const int Mask = 0xf000;
    private const int Pipe = 0x1000;
    private const int CharacterDevice = 0x2000;
    private const int BlockDevice = 0x6000;
    private const int Socket = 0xc000;

    /// <summary>Refuses what is no regular file, behind links; what is not there, or may not be looked at, is for the opening to tell.</summary>
    /// <param name="path">Where it is, absolute.</param>
    /// <exception cref="SourceException"><c>source_unreadable</c>: it is a pipe, a socket or a device.</exception>
    public static void Check(string path)
    {
        if (KindOf(path) is { } kind)
        {
            throw new SourceException("source_unreadable", $"'{path}' is {kind}, not a regular file. Save what it gives as a file and name that, or take it out of the folder.");
        }
    }

    private static string? KindOf(string path) => (ModeOf(path) & Mask) switch
    {
        Pipe => "a named pipe",
        Socket => "a socket",
        CharacterDevice or BlockDevice => "a device",
        _ => null,
    };

    private static int ModeOf(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() && Native.Status(Native.WorkingFolder, path, 0, Native.TypeOnly, out var status) == 0 ? status.Mode : 0;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library older than the call.
            return 0;
        }
    }

    private static class Native
    {
        public const int WorkingFolder = -100;
        public const uint TypeOnly = 1;

        [DllImport("libc", EntryPoint = "statx")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Status(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, out FileStatus status);
    }

    /// <summary>The kernel's <c>struct statx</c>, the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(28)]
        public ushort Mode;
    }
}
