using AiPlatform.Core.Access;

namespace AiPlatform.Core.Usage;

/// <summary>Counts what callers use. Shared by all nodes, so that a budget is one budget. Thread-safe.</summary>
public interface IUsageMeter
{
    /// <summary>Writes down a call, for the subject and the groups of the scope. Idempotent.</summary>
    ValueTask RecordAsync(AccessScope scope, UsageRecord record, CancellationToken cancellationToken);

    /// <summary>Totals of the scope's groups (an administrator's: of any group), by group, provider and model.</summary>
    ValueTask<IReadOnlyList<UsageTotal>> SummarizeAsync(AccessScope scope, UsageQuery query, CancellationToken cancellationToken);
}
