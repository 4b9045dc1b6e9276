namespace AiPlatform.Storage.Jobs;

/// <summary>What came of an order.</summary>
/// <param name="Outcome">How it was answered.</param>
/// <param name="Job">The job; null when the order was refused.</param>
/// <param name="Running">Jobs that run, when too many wait.</param>
/// <param name="Waiting">Jobs that wait, when too many do.</param>
public sealed record ReindexJobAnswer(ReindexOrderOutcome Outcome, ReindexJobRecord? Job = null, int Running = 0, int Waiting = 0);
