using System.Globalization;

namespace AiPlatform.Storage.Policy;

/// <summary>One finding in a policy file.</summary>
/// <param name="Severity">Error or warning.</param>
/// <param name="Code">Stable snake_case code, such as <c>unknown_key</c>.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Path">The field, such as <c>groups.eu-retail.dataFilters[0].operator</c>; empty for the whole file.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record PolicyProblem(PolicySeverity Severity, string Code, long Line, long Column, string Path, string Message)
{
    /// <summary><c>line 3, column 5: groups.a.tier: message [code]</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"line {Line}, column {Column}: {(Path.Length == 0 ? "" : Path + ": ")}{Message} [{Code}]");
}
