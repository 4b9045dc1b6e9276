namespace AiPlatform.Storage.Tests;

/// <summary>A temporary folder, and the repository's own.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("aip-storage-").FullName;

    public static string Repository { get; } = FindRepository();

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "AiPlatform.sln")))
        {
            folder = System.IO.Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("AiPlatform.sln was not found above the tests.");
        }

        return folder;
    }
}
