using System.Collections.Immutable;
using AiPlatform.Core.Access;

namespace AiPlatform.Indexer.Jobs;

/// <summary>The right to reindex, as the table of rights (<see cref="Right"/>) writes it: resource <c>reindex</c>, with the condition <c>catalog</c>.</summary>
public static class ReindexPermission
{
    /// <summary>The resource.</summary>
    public static string Resource => Right.StartReindex.Resource;

    /// <summary>See the jobs and generations of a catalog.</summary>
    public static string Read => Right.ReadReindex.Action;

    /// <summary>Start a job, and see and give up the job one started.</summary>
    public static string Start => Right.StartReindex.Action;

    /// <summary>Cancel any job of a catalog.</summary>
    public static string Cancel => Right.CancelReindex.Action;

    /// <summary>Make the previous generation live again.</summary>
    public static string Rollback => Right.RollbackReindex.Action;

    /// <summary>Whether the scope may do the action in any catalog at all, there or not.</summary>
    public static bool AllowsSomewhere(AccessScope scope, string action)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.PermissionNames.Any(p => p == $"{Resource}:{action}" || p == $"{Resource}:*" || p == $"*:{action}" || p == "*:*");
    }

    /// <summary>Whether the scope may do the action in the catalog.</summary>
    public static bool Allows(AccessScope scope, string action, string catalog, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.Allows(Resource, action, now, ImmutableDictionary<string, string>.Empty.Add(Right.StartReindex.Condition!, catalog));
    }
}
