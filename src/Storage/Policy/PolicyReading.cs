using System.Collections.Immutable;
using AiPlatform.Core.Access;

namespace AiPlatform.Storage.Policy;

/// <summary>What became of reading a policy file.</summary>
/// <param name="Policy">The policy; null when there is any error.</param>
/// <param name="Problems">All errors and warnings in the order of the file.</param>
public sealed record PolicyReading(AccessPolicy? Policy, ImmutableArray<PolicyProblem> Problems)
{
    /// <summary>The errors.</summary>
    public IEnumerable<PolicyProblem> Errors => Problems.Where(p => p.Severity == PolicySeverity.Error);

    /// <summary>The warnings.</summary>
    public IEnumerable<PolicyProblem> Warnings => Problems.Where(p => p.Severity == PolicySeverity.Warning);
}
