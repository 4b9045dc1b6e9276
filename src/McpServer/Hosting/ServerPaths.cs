namespace AiPlatform.McpServer.Hosting;

/// <summary>Where the server finds its samples and keeps its data.</summary>
internal static class ServerPaths
{
    /// <summary>Names the folder of everything the server writes. Default: <c>data</c> in the working directory.</summary>
    public const string DataVariable = "AIPLATFORM_DATA";

    /// <summary>The data folder, absolute.</summary>
    public static string Data(IConfiguration configuration) =>
        Path.GetFullPath(configuration[DataVariable] is { Length: > 0 } configured ? configured : "data");

    /// <summary>The folder of the index: the one the indexer's own executable uses.</summary>
    public static string Catalogs(IConfiguration configuration) => Path.Combine(Data(configuration), "catalogs");

    /// <summary>The database file of the default storage.</summary>
    public static string Database(IConfiguration configuration) => Path.Combine(Data(configuration), "aiplatform.db");

    /// <summary>The products of the sample catalog.</summary>
    public static string SampleProducts => Sample("catalog", "products.jsonl");

    /// <summary>How they become products.</summary>
    public static string SampleMapping => Sample("mappings", "sample.yaml");

    /// <summary>The demo's policy.</summary>
    public static string SamplePolicy => Sample("policy.yaml");

    /// <summary>A file of the samples: in the working directory, where it can be edited, or else beside the binary.</summary>
    private static string Sample(params string[] parts)
    {
        var relative = Path.Combine(["samples", .. parts]);
        return File.Exists(relative) ? Path.GetFullPath(relative) : Path.Combine(AppContext.BaseDirectory, relative);
    }
}
