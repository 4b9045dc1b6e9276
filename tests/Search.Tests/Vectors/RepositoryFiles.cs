namespace AiPlatform.Search.Tests.Vectors;

/// <summary>Finds files of the repository and the judged data beside it.</summary>
internal static class RepositoryFiles
{
    /// <summary>The folder with the solution file.</summary>
    public static string Root { get; } = Up(AppContext.BaseDirectory).First(d => File.Exists(Path.Combine(d, "AiPlatform.sln")));

    /// <summary>The judged data: <c>AIPLATFORM_JUDGED_DATA</c>, or <c>shared/data</c> in a folder above the repository; null when absent.</summary>
    public static string? JudgedData { get; } =
        Environment.GetEnvironmentVariable("AIPLATFORM_JUDGED_DATA") is { Length: > 0 } named
            ? (Directory.Exists(named) ? named : null)
            : Up(Root).Select(d => Path.Combine(d, "shared", "data")).FirstOrDefault(Directory.Exists);

    private static IEnumerable<string> Up(string folder)
    {
        for (var d = new DirectoryInfo(folder); d is not null; d = d.Parent)
        {
            yield return d.FullName;
        }
    }
}
