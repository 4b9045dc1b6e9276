namespace AiPlatform.Indexer.Pipeline;

/// <summary>How changes become a build.</summary>
/// <param name="IsFull">Whether what the source does not have is deleted; otherwise everything stays that no row changes.</param>
/// <param name="IsCatchingUp">Whether the changes come on top of what this build has written already.</param>
/// <param name="Force">Whether everything is embedded and written anew.</param>
/// <param name="IsSameModel">Whether the generation before has vectors of the build's model, or neither has any.</param>
internal sealed record BuildPlan(bool IsFull, bool IsCatchingUp, bool Force, bool IsSameModel);
