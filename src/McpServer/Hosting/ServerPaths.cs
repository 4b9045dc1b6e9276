namespace AiPlatform.McpServer.Hosting;

/// <summary>Where the server finds its samples and keeps its data.</summary>
internal static class ServerPaths
{
    /// <summary>Names the folder of everything the server writes. Default: <c>data</c> in the working directory.</summary>
    public const string DataVariable = "AIPLATFORM_DATA";

    private const string SamplesFolder = "samples";

    /// <summary>The data folder, absolute: the variable or setting <c>AIPLATFORM_DATA</c>, or <c>data</c> in the working directory.</summary>
    public static string Data(IConfiguration configuration) =>
        Path.GetFullPath(configuration[DataVariable] is { Length: > 0 } configured ? configured : "data");

    /// <summary>The project's samples: beside the binary, where the build puts them.</summary>
    public static string Samples { get; } = Path.Combine(AppContext.BaseDirectory, SamplesFolder);

    /// <summary>The products of the sample catalog.</summary>
    public static string SampleProducts => Path.Combine(Samples, "catalog", "products.jsonl");

    /// <summary>How they become products.</summary>
    public static string SampleMapping => Path.Combine(Samples, "mappings", "sample.yaml");

    /// <summary>The demo policy.</summary>
    public static string SamplePolicy => Path.Combine(Samples, "policy.yaml");
}
