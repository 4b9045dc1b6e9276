using System.Collections.Frozen;
using System.Collections.Immutable;
using AiPlatform.Router.Targets;

namespace AiPlatform.Router.Routing;

/// <summary>All targets with how they do. Rights are judged by <see cref="ModelRouter"/>, never here. Thread-safe.</summary>
public sealed class TargetPool
{
    private readonly FrozenDictionary<string, TargetHealth> _byId;

    /// <param name="targets">The targets; ids are unique.</param>
    /// <param name="time">The clock.</param>
    public TargetPool(IEnumerable<ModelTarget> targets, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(targets);
        All = [.. targets.Select(t => new TargetHealth(t, time))];
        _byId = All.ToFrozenDictionary(t => t.Target.Target.Id, StringComparer.Ordinal);
    }

    /// <summary>All of them, in the order of the settings.</summary>
    public ImmutableArray<TargetHealth> All { get; }

    /// <summary>How a target of a decision does.</summary>
    public TargetHealth Of(RoutingTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return _byId[target.Id];
    }
}
