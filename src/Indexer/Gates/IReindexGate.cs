namespace AiPlatform.Indexer.Gates;

/// <summary>Looks at a finished generation that is not live yet and says whether it may be. Changes nothing. Thread-safe.</summary>
internal interface IReindexGate
{
    /// <summary>Measures.</summary>
    ValueTask<GateResult> CheckAsync(Candidate candidate, CancellationToken cancellationToken);
}
