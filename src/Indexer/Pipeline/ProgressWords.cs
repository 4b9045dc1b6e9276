using System.Globalization;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>Puts progress into words, with rate and remaining time.</summary>
internal static class ProgressWords
{
    /// <summary>What a stage does.</summary>
    public static string Of(ReindexStage stage) => stage switch
    {
        ReindexStage.Reading => "reading",
        ReindexStage.PreparingModel => "preparing the embedding model",
        ReindexStage.Indexing => "indexing",
        _ => "writing out and checking",
    };

    /// <summary>How far a stage is.</summary>
    public static string Of(in ReindexProgress progress, ProgressPace pace) => progress.Stage switch
    {
        _ when progress.IsWaiting => "waiting for the search engine, which is away",
        ReindexStage.Reading => $"{Of(progress.Stage)}: {Count(progress.Rows)} rows, {Count(progress.Rejected)} rejected{Rate(progress, pace)}{Left(progress, pace)}",
        ReindexStage.Indexing => $"{Of(progress.Stage)}: {Count(progress.Done)} of {Count(progress.Total ?? 0)} products{Rate(progress, pace)}{Left(progress, pace)}",
        _ => Of(progress.Stage),
    };

    /// <summary>A whole number with thousands separators.</summary>
    public static string Count(long number) => number.ToString("#,##0", CultureInfo.InvariantCulture);

    private static string Rate(in ReindexProgress progress, ProgressPace pace) => pace.PerSecond(progress) is { } rate ? $", {Count((long)rate)}/s" : "";

    private static string Left(in ReindexProgress progress, ProgressPace pace) => pace.Left(progress) is { } left
        ? FormattableString.Invariant($", {(int)left.TotalHours:00}:{left.Minutes:00}:{left.Seconds:00} left")
        : "";
}
