namespace AiPlatform.Indexer.Jobs;

/// <summary>How often a problem was met. Holds nothing of the rows.</summary>
/// <param name="Field">The product field, or <c>row</c>.</param>
/// <param name="Code">Stable snake_case code.</param>
/// <param name="Count">How many rows have it.</param>
/// <param name="FirstLine">The first line that has it.</param>
public sealed record RejectionCount(string Field, string Code, long Count, long FirstLine);
