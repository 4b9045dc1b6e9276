using System.Collections.Immutable;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>A reindex was refused; the live generation is as it was. The message says why and what to do, to whoever runs the pipeline: it may name files of the machine.</summary>
/// <param name="code">Stable snake_case code: <c>invalid_catalog_name</c>, <c>nothing_accepted</c>, <c>too_many_rejected</c>, <c>too_many_deleted</c>, <c>verification_failed</c>.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="deadLetterPath">The dead-letter file; null when there is none.</param>
/// <param name="rejections">Why rows were rejected; default when no row was read.</param>
public sealed class ReindexException(string code, string message, string? deadLetterPath = null, ImmutableArray<RejectionSummary> rejections = default) : Exception(message)
{
    /// <summary>Stable snake_case code.</summary>
    public string Code { get; } = code;

    /// <summary>The dead-letter file; null when there is none.</summary>
    public string? DeadLetterPath { get; } = deadLetterPath;

    /// <summary>Why rows were rejected or replaced, most frequent first.</summary>
    public ImmutableArray<RejectionSummary> Rejections { get; } = rejections.IsDefault ? [] : rejections;
}
