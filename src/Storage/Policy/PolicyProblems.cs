using System.Collections.Immutable;

namespace AiPlatform.Storage.Policy;

/// <summary>Collects findings, bounded.</summary>
internal sealed class PolicyProblems
{
    private readonly List<PolicyProblem> _all = [];
    private int _left;

    public bool HasErrors { get; private set; }

    public void Error(string code, long line, long column, string path, string message) =>
        Add(new PolicyProblem(PolicySeverity.Error, code, line, column, path, message));

    public void Error(string code, YamlNode at, string path, string message) => Error(code, at.Line, at.Column, path, message);

    public void Warning(string code, YamlNode at, string path, string message) =>
        Add(new PolicyProblem(PolicySeverity.Warning, code, at.Line, at.Column, path, message));

    public ImmutableArray<PolicyProblem> ToImmutable()
    {
        var sorted = _all.OrderBy(p => p.Line).ThenBy(p => p.Column).ToList();
        if (_left > 0)
        {
            var severity = HasErrors ? PolicySeverity.Error : PolicySeverity.Warning;
            sorted.Add(new PolicyProblem(severity, "more_problems", sorted[^1].Line, 1, "", $"{_left} more findings are not shown; fix these first"));
        }

        return [.. sorted];
    }

    private void Add(PolicyProblem problem)
    {
        HasErrors |= problem.Severity == PolicySeverity.Error;
        if (_all.Count < PolicyLimits.Problems)
        {
            _all.Add(problem);
        }
        else
        {
            _left++;
        }
    }
}
