namespace AiPlatform.Indexer.Jobs;

/// <summary>What a gate before the swap measured. Holds nothing of the products.</summary>
/// <param name="Gate">Its name.</param>
/// <param name="Passed">Whether it let the generation pass by itself.</param>
/// <param name="Measured">What it measured.</param>
/// <param name="Threshold">What it allows.</param>
/// <param name="Skipped">Whether it had nothing to measure.</param>
/// <param name="Overridden">Whether it refused and was opened all the same.</param>
public sealed record ReindexGateInfo(string Gate, bool Passed, double Measured, double Threshold, bool Skipped, bool Overridden);
