using System.Collections.Immutable;
using AiPlatform.Indexer.Validation;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>Counts problems by field and code.</summary>
internal sealed class RejectionTally
{
    /// <summary>Kinds of problem counted one by one.</summary>
    public const int MaxKinds = 50;

    private readonly Dictionary<(string Field, string Code), RejectionSummary> _kinds = [];

    /// <summary>Counts one problem of a line. Kinds beyond <see cref="MaxKinds"/> are left out.</summary>
    public void Add(long line, RowProblem problem)
    {
        var kind = (problem.Field, problem.Code);
        if (_kinds.TryGetValue(kind, out var known))
        {
            _kinds[kind] = known with { Count = known.Count + 1 };
        }
        else if (_kinds.Count < MaxKinds)
        {
            _kinds[kind] = new RejectionSummary(problem.Field, problem.Code, 1, line, problem.Reason);
        }
    }

    /// <summary>The kinds, most frequent first.</summary>
    public ImmutableArray<RejectionSummary> ToSummaries() =>
        [.. _kinds.Values.OrderByDescending(k => k.Count).ThenBy(k => k.FirstLine).ThenBy(k => k.Field, StringComparer.Ordinal)];
}
