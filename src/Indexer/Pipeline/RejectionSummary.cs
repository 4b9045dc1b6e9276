namespace AiPlatform.Indexer.Pipeline;

/// <summary>How often a problem was met.</summary>
/// <param name="Field">The product field.</param>
/// <param name="Code">Stable snake_case code.</param>
/// <param name="Count">How many rows have it.</param>
/// <param name="FirstLine">The first line that has it.</param>
/// <param name="Example">The reason given for that line.</param>
public sealed record RejectionSummary(string Field, string Code, long Count, long FirstLine, string Example);
