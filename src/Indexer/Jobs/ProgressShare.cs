using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.Indexer.Jobs;

/// <summary>How much of a whole reindex is done: stages have fixed shares, because what they will cost is not known before.</summary>
internal static class ProgressShare
{
    /// <summary>The whole.</summary>
    public const double Whole = 100;

    /// <summary>What is done when a stage begins.</summary>
    public static double Begin(ReindexStage stage) => stage switch
    {
        ReindexStage.Reading => 1,
        ReindexStage.PreparingModel => 30,
        ReindexStage.Indexing => 45,
        _ => 95,
    };

    /// <summary>What is done, in hundredths of a percent; below the whole.</summary>
    public static double Of(in ReindexProgress progress)
    {
        var begin = Begin(progress.Stage);
        var end = progress.Stage == ReindexStage.Swapping ? begin : Begin(progress.Stage + 1);
        var part = progress.Total is > 0 and var total ? Math.Clamp((double)progress.Done / total, 0, 1) : 0;
        return Math.Round(begin + ((end - begin) * part), 2);
    }
}
