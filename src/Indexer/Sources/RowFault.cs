namespace AiPlatform.Indexer.Sources;

/// <summary>Why a row of a source could not be read. The rest of the source is read on.</summary>
/// <param name="Code">Stable snake_case code: <c>invalid_json</c>, <c>duplicate_key</c>, <c>invalid_csv</c>, <c>wrong_column_count</c>, <c>line_too_long</c>, <c>invalid_encoding</c>.</param>
/// <param name="Reason">What is wrong, in words.</param>
public sealed record RowFault(string Code, string Reason);
