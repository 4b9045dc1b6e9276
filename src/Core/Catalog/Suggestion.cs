namespace AiPlatform.Core.Catalog;

/// <summary>A completion that finds something for this caller.</summary>
/// <param name="Text">The completed text.</param>
/// <param name="Kind">What it completes to: <c>term</c>, <c>brand</c>, <c>class</c> or <c>product</c>.</param>
/// <param name="Count">How many visible products it stands for.</param>
public sealed record Suggestion(string Text, string Kind, int Count);
