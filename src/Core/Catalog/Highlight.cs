namespace AiPlatform.Core.Catalog;

/// <summary>A piece of a field with the matched words marked.</summary>
/// <param name="Field">Field name: <c>name</c>, <c>description</c>, <c>class</c>, <c>brand</c> or a specification.</param>
/// <param name="Snippet">The text, matched words between <c>**</c>.</param>
public sealed record Highlight(string Field, string Snippet);
