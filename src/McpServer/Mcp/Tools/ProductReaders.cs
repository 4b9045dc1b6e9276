using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Callers that may read products in at least one catalog. What they see there is the index's business.</summary>
internal static class ProductReaders
{
    // A permission bound to catalogs answers only for a named one; it still makes its holder a reader.
    public static bool Includes(AccessScope scope, DateTimeOffset now) => scope.AllowsSomewhere(Right.ReadProducts, now);
}
