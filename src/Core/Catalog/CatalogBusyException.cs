namespace AiPlatform.Core.Catalog;

/// <summary>Another build of the same catalog is running.</summary>
/// <param name="catalog">The catalog.</param>
public sealed class CatalogBusyException(string catalog)
    : Exception($"The catalog '{catalog}' is being indexed by another process or job. Wait for it to end, then try again.")
{
    /// <summary>
    /// Where builders hold a catalog by a lease: how long at most one that died keeps it. Waiting that long tells whether the builder lives. Null where a builder that
    /// died holds nothing.
    /// </summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>Where builders hold a catalog by a lease: the latest sign of life of whoever holds it, opaque. Another one later means that a builder lives. Null when it is not known.</summary>
    public string? SignOfLife { get; init; }
}
