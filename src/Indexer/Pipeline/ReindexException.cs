using System.Collections.Immutable;
using AiPlatform.Indexer.Gates;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>A reindex was refused; the live generation is as it was. The message says why and what to do, to whoever runs the pipeline: it may name files of the machine.</summary>
public sealed class ReindexException : Exception
{
    /// <summary>Refused.</summary>
    /// <param name="code">Stable snake_case code: <c>invalid_catalog_name</c>, <c>nothing_accepted</c>, <c>full_build_required</c>, <c>embedding_failed</c>, <c>invalid_override</c>, <c>invalid_gate_file</c>, <c>journal_full</c>, <c>tombstones_damaged</c>, <c>generation_damaged</c>.</param>
    /// <param name="message">What is wrong and what to do.</param>
    public ReindexException(string code, string message)
        : this(code, message, cause: null)
    {
    }

    /// <summary>Refused by a gate, whose code is this one's.</summary>
    /// <param name="gate">What the gate measured.</param>
    public ReindexException(GateResult gate)
        : this((gate ?? throw new ArgumentNullException(nameof(gate))).Code, $"{gate.Detail} The catalog is left as it is.") => Gate = gate;

    internal ReindexException(string code, string message, Exception? cause)
        : base(message, cause) => Code = code;

    private ReindexException(ReindexException refusal, string message, string? deadLetterPath, ImmutableArray<RejectionSummary> rejections)
        : base(message, refusal)
    {
        Code = refusal.Code;
        Gate = refusal.Gate;
        DeadLetterPath = deadLetterPath;
        Rejections = rejections;
    }

    /// <summary>Stable snake_case code.</summary>
    public string Code { get; }

    /// <summary>The gate that refused; null when it was none.</summary>
    public GateResult? Gate { get; }

    /// <summary>The dead-letter file; null when there is none.</summary>
    public string? DeadLetterPath { get; }

    /// <summary>Why rows were rejected or replaced, most frequent first.</summary>
    public ImmutableArray<RejectionSummary> Rejections { get; } = [];

    /// <summary>The same refusal, told with what is known of the rows.</summary>
    internal ReindexException With(string? deadLetterPath, ImmutableArray<RejectionSummary> rejections)
    {
        var where = deadLetterPath is null || Code is not ("nothing_accepted" or "too_many_rejected" or "too_many_deleted") ? ""
            : Code == "too_many_deleted" ? $" Rejected rows are in {deadLetterPath}."
            : $" The reasons are in {deadLetterPath}.";
        return new ReindexException(this, Message + where, deadLetterPath, rejections);
    }
}
