namespace AiPlatform.Indexer.Sources;

/// <summary>One row of a source: a tree, or the reason why it could not be read.</summary>
/// <param name="Line">The line it starts on, counted from 1 in its file.</param>
/// <param name="Value">The row; null when it could not be read.</param>
/// <param name="Fault">Why it could not be read; null otherwise.</param>
/// <param name="Raw">The row as it is written in the source, in UTF-8, at most <see cref="SourceLimits.RawCharacters"/> bytes (JSONL) or characters (CSV). Valid until the next row is read.</param>
/// <param name="File">The file it stands in, where the source has several; otherwise empty.</param>
/// <param name="Size">Bytes (JSONL) or characters (CSV) it has in the source: how many rows may wait is bounded by it.</param>
public readonly record struct SourceRow(long Line, RowNode? Value, RowFault? Fault, ReadOnlyMemory<byte> Raw, string File = "", int Size = 0);
