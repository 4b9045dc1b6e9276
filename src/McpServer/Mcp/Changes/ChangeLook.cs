using System.Collections.Concurrent;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>One look at everything: scopes with the same rights share what is read for them. Thread-safe.</summary>
/// <param name="epoch">Grows whenever anything that could be seen has changed.</param>
/// <param name="state">Reads what a scope sees.</param>
internal sealed class ChangeLook(long epoch, VisibleState state)
{
    private readonly ConcurrentDictionary<string, OfferedLists> _lists = new(StringComparer.Ordinal);

    public long Epoch => epoch;

    /// <summary>What the scope is offered.</summary>
    public async ValueTask<OfferedLists> ListsAsync(AccessScope scope, CancellationToken cancellationToken)
    {
        if (!_lists.TryGetValue(scope.Fingerprint, out var lists))
        {
            lists = await state.ListsAsync(scope, cancellationToken);
            _lists[scope.Fingerprint] = lists;
        }

        return lists;
    }
}
