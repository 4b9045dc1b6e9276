namespace AiPlatform.McpServer.Tests.Connect;

/// <summary>Files of the repository the tests run in.</summary>
internal static class RepositoryFile
{
    public static string Read(params string[] path)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AiPlatform.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("AiPlatform.sln was not found above the tests.");
        }

        return File.ReadAllText(Path.Combine([folder, .. path])).ReplaceLineEndings("\n");
    }
}
