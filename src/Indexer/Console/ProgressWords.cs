using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.Indexer.Console;

/// <summary>Puts progress into words, with rate and remaining time. Knows when the stage began.</summary>
internal sealed class ProgressWords(TimeProvider time)
{
    private ReindexStage _stage = (ReindexStage)(-1);
    private long _began;

    /// <summary>Whether the stage changed with the last call of <see cref="Say"/>.</summary>
    public bool StageChanged { get; private set; }

    public string Say(ReindexProgress progress)
    {
        StageChanged = progress.Stage != _stage;
        if (StageChanged)
        {
            (_stage, _began) = (progress.Stage, time.GetTimestamp());
        }

        var seconds = time.GetElapsedTime(_began).TotalSeconds;
        return progress.Stage switch
        {
            ReindexStage.Reading => $"reading: {ReportText.Count(progress.Rows)} rows, {ReportText.Count(progress.Rejected)} rejected{Rate(progress.Rows, seconds)}{Remaining(progress, seconds)}",
            ReindexStage.PreparingModel => "preparing the embedding model",
            ReindexStage.Indexing => $"indexing: {ReportText.Count(progress.Done)} of {ReportText.Count(progress.Total ?? 0)} products{Rate(progress.Done, seconds)}{Remaining(progress, seconds)}",
            _ => "writing out and checking",
        };
    }

    private static string Rate(long count, double seconds) => seconds < .5 ? "" : $", {ReportText.Count((long)(count / seconds))}/s";

    private static string Remaining(ReindexProgress progress, double seconds)
    {
        if (seconds < .5 || progress.Total is not { } total || progress.Done <= 0)
        {
            return "";
        }

        var left = TimeSpan.FromSeconds(Math.Min(seconds / progress.Done * Math.Max(0, total - progress.Done), 359_999));
        return FormattableString.Invariant($", {(int)left.TotalHours:00}:{left.Minutes:00}:{left.Seconds:00} left");
    }
}
