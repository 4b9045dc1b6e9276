namespace AiPlatform.McpServer.Operations;

/// <summary>What answered at the last look.</summary>
/// <param name="Catalogs">Whether the catalog store answers.</param>
/// <param name="Storage">Whether the database answers.</param>
/// <param name="Worker">Whether the worker of this process can work; true without one.</param>
internal sealed record HealthReport(bool Catalogs, bool Storage, bool Worker)
{
    public bool Healthy => Serves && Worker;

    /// <summary>Whether callers are served. A worker that cannot work keeps nobody from searching.</summary>
    public bool Serves => Catalogs && Storage;
}
