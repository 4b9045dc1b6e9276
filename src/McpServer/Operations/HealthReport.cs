namespace AiPlatform.McpServer.Operations;

/// <summary>What answered at the last look.</summary>
/// <param name="Catalogs">Whether the catalog store answers.</param>
/// <param name="Storage">Whether the database answers.</param>
internal sealed record HealthReport(bool Catalogs, bool Storage)
{
    public bool Healthy => Catalogs && Storage;
}
