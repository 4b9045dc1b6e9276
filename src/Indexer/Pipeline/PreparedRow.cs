using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Validation;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>What one row is on its own: a change with its bytes for the spool, or the problems that refuse it.</summary>
/// <param name="Line">The line it starts on.</param>
/// <param name="File">The file it stands in, where the source has several.</param>
/// <param name="Raw">Where the row as it is written, shortened, is in the batch.</param>
/// <param name="Id">The product's id; of a refused row as far as it can be told.</param>
/// <param name="Key">What the spool knows the id by.</param>
/// <param name="Version">The source's version, from 1; 0 for none.</param>
/// <param name="IsDeletion">Whether the product is gone.</param>
/// <param name="Problems">Why it is refused; null for a change.</param>
/// <param name="Record">Where its bytes are in the batch; empty when it is refused.</param>
internal readonly record struct PreparedRow(
    long Line, string File, Range Raw, string Id, ContentHash Key, long Version, bool IsDeletion, IReadOnlyList<RowProblem>? Problems, Range Record);
