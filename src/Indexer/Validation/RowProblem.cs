namespace AiPlatform.Indexer.Validation;

/// <summary>Why a row is no product.</summary>
/// <param name="Field">The product field, or <c>row</c> when the row itself is unreadable.</param>
/// <param name="Code">Stable snake_case code.</param>
/// <param name="Reason">What is wrong, in words.</param>
public sealed record RowProblem(string Field, string Code, string Reason);
