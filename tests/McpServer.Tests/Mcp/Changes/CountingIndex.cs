using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Mcp.Changes;

/// <summary>Counts how often products are read, and fails to list the catalogs while it is told to.</summary>
internal sealed class CountingIndex : ForwardingIndex
{
    private int _reads;
    private int _failures;

    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Whether listing the catalogs fails.</summary>
    public bool IsDown { get; set; }

    /// <summary>How often it failed.</summary>
    public int Failures => Volatile.Read(ref _failures);

    public override ValueTask<IReadOnlyList<CatalogInfo>> ListCatalogsAsync(AccessScope scope, CancellationToken cancellationToken)
    {
        if (!IsDown)
        {
            return base.ListCatalogsAsync(scope, cancellationToken);
        }

        Interlocked.Increment(ref _failures);
        throw new IOException("The catalogs cannot be read.");
    }

    public override ValueTask<IReadOnlyList<Product>> GetAsync(AccessScope scope, string catalog, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return base.GetAsync(scope, catalog, ids, cancellationToken);
    }
}
