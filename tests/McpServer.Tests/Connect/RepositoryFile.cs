namespace AiPlatform.McpServer.Tests.Connect;

/// <summary>Files of the repository the tests run in.</summary>
internal static class RepositoryFile
{
    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Root(), .. path])).ReplaceLineEndings("\n");

    /// <summary>The texts of a file, or of the files below a folder.</summary>
    public static IEnumerable<string> ReadAll(string path, string pattern)
    {
        var full = Path.Combine(Root(), path);
        return (File.Exists(full) ? [full] : Directory.EnumerateFiles(full, pattern, SearchOption.AllDirectories)).Select(File.ReadAllText);
    }

    /// <summary>Paths of the files below a folder, from the root of the repository, with slashes.</summary>
    public static IEnumerable<string> Find(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root(), folder), pattern, SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Root(), f).Replace('\\', '/'));

    /// <summary>Whether there is a file or folder.</summary>
    public static bool Exists(string path) => Path.Exists(Path.Combine(Root(), path));

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AiPlatform.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("AiPlatform.sln was not found above the tests.");
        }

        return folder;
    }
}
