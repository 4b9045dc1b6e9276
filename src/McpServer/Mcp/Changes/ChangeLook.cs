using System.Collections.Concurrent;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>One look at everything: scopes with the same rights share what is read for them, each thing once. Thread-safe.</summary>
/// <param name="number">Grows with every look.</param>
/// <param name="epoch">Grows whenever anything that could be seen has changed.</param>
/// <param name="state">Reads what a scope sees.</param>
/// <param name="giveUp">Ends the look.</param>
internal sealed class ChangeLook(long number, long epoch, VisibleState state, CancellationToken giveUp)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<OfferedLists>>> _lists = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Rights, string Uri), Lazy<Task<ContentHash?>>> _digests = new();

    public long Number => number;

    public long Epoch => epoch;

    /// <summary>What the scope is offered.</summary>
    public Task<OfferedLists> ListsAsync(AccessScope scope) =>
        _lists.GetOrAdd(scope.Fingerprint, _ => new(() => state.ListsAsync(scope, giveUp).AsTask())).Value;

    /// <summary>Digest of what the resource reads as; null when it is missing or out of sight.</summary>
    public Task<ContentHash?> DigestAsync(AccessScope scope, string uri) =>
        _digests.GetOrAdd((scope.Fingerprint, uri), _ => new(() => state.DigestAsync(scope, uri, giveUp).AsTask())).Value;
}
