namespace AiPlatform.Storage.Jobs;

/// <summary>How a job ends.</summary>
/// <param name="State">What became of it, in a word; neither <see cref="ReindexJobRecord.Queued"/> nor <see cref="ReindexJobRecord.Running"/>.</param>
/// <param name="Progress">How far it came, as JSON; null leaves what was noted.</param>
/// <param name="Outcome">What came of it, as JSON.</param>
public sealed record ReindexJobEnd(string State, string? Progress, string? Outcome);
