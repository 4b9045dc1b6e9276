namespace AiPlatform.Storage;

/// <summary>Makes the folder that holds keys, audit and catalogs.</summary>
public static class DataFolder
{
    /// <summary>Makes the folder when it is missing, on Unix for its owner only (mode 700). A folder that is there keeps the mode it has.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be made there.</exception>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
