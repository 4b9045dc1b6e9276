namespace AiPlatform.Indexer.Tests.Support;

/// <summary>Finds files of the repository and, where present, the judged catalogs.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static string Sample => Path.Combine(Root, "samples", "catalog", "products.jsonl");

    public static string Mapping(string name) => Path.Combine(Root, "samples", "mappings", name + ".yaml");

    /// <summary>The file of a judged catalog; null where the data is absent.</summary>
    public static string? Judged(string catalog)
    {
        if (Environment.GetEnvironmentVariable("AIPLATFORM_JUDGED_DATA") is { Length: > 0 } named)
        {
            return Existing(Path.Combine(named, catalog, "products.jsonl.gz"));
        }

        for (var folder = new DirectoryInfo(Root); folder is not null; folder = folder.Parent)
        {
            if (Existing(Path.Combine(folder.FullName, "shared", "data", catalog, "products.jsonl.gz")) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static string? Existing(string path) => File.Exists(path) ? path : null;

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AiPlatform.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The repository's root was not found above " + start);
    }
}
