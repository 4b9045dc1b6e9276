using System.Collections.Immutable;

namespace AiPlatform.Storage.Policy;

/// <summary>A policy file cannot be used. The message lists every error with its line, column and field.</summary>
public sealed class PolicyFileException : Exception
{
    /// <summary>Makes the error of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problems">What was found; warnings are left out of the message.</param>
    public PolicyFileException(string path, ImmutableArray<PolicyProblem> problems)
        : base($"The policy file {path} cannot be used:{string.Concat(problems.Where(p => p.Severity == PolicySeverity.Error).Select(p => Environment.NewLine + "  " + p))}")
    {
        Problems = problems;
    }

    /// <summary>What was found, errors and warnings.</summary>
    public ImmutableArray<PolicyProblem> Problems { get; }
}
