namespace AiPlatform.Indexer.Jobs;

/// <summary>Why a job did not succeed. Safe to show: names neither files of the machine nor anything of the rows.</summary>
/// <param name="Code">Stable snake_case code.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record ReindexFault(string Code, string Message);
