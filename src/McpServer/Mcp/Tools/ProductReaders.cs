using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Callers that may read products in at least one catalog. What they see there is the index's business.</summary>
internal static class ProductReaders
{
    private static readonly string[] Names = ["products:read", "products:*", "*:read", "*:*"];

    public static bool Includes(AccessScope scope, DateTimeOffset now) =>
        scope.Allows("products", "read", now)
        // A permission bound to catalogs answers only for a named one; it still makes its holder a reader.
        || (now < scope.FactsExpireAt && scope.PermissionNames.Any(p => Array.IndexOf(Names, p) >= 0));
}
