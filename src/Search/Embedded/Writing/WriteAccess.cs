using AiPlatform.Core.Access;

namespace AiPlatform.Search.Embedded.Writing;

/// <summary>Building and swapping an index is work of the platform: it sees every product, so it takes a system scope.</summary>
internal static class WriteAccess
{
    /// <exception cref="AccessRefusedException">The scope is not a system scope.</exception>
    public static void Demand(AccessScope system)
    {
        ArgumentNullException.ThrowIfNull(system);
        if (!system.ProductsIn("", DateTimeOffset.MinValue).SeesEverything)
        {
            throw new AccessRefusedException("system_scope_required", "The index can only be written by the platform itself. Ask for a reindex job instead.");
        }
    }
}
