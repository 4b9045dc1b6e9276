namespace AiPlatform.McpServer.Hosting;

/// <summary>The catalog the demo starts with.</summary>
internal static class SampleCatalog
{
    /// <summary>Its name.</summary>
    public const string Name = "sample";
}
