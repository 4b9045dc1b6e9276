namespace AiPlatform.Indexer.Mapping;

/// <summary>One mistake in a mapping file.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Field">The field, as a dotted path in the file.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record MappingError(long Line, string Field, string Message);
