namespace AiPlatform.Indexer.Gates;

/// <summary>What a gate measured.</summary>
/// <param name="Gate">Its name, one of <see cref="GateNames"/>.</param>
/// <param name="Passed">Whether it let the generation pass by itself.</param>
/// <param name="Measured">What it measured.</param>
/// <param name="Threshold">What it allows.</param>
/// <param name="Detail">In words: what was measured and, where it did not pass, what to do.</param>
public sealed record GateResult(string Gate, bool Passed, double Measured, double Threshold, string Detail)
{
    /// <summary>Stable snake_case code of the refusal.</summary>
    public string Code { get; init; } = Gate + "_gate";

    /// <summary>Why it was opened all the same; null when it was not.</summary>
    public string? OverrideReason { get; init; }

    /// <summary>Whether it had nothing to measure.</summary>
    public bool Skipped { get; init; }
}
