namespace AiPlatform.Indexer.Pipeline;

/// <summary>What came of a row in the spool.</summary>
/// <param name="EarlierLine">The line of an earlier row of the same id; null when its id is new.</param>
/// <param name="IsStale">Whether that one has a higher version and stays; otherwise this one takes its place.</param>
internal readonly record struct SpoolAnswer(long? EarlierLine, bool IsStale);
