namespace AiPlatform.Indexer.Pipeline;

/// <summary>How fast a stage goes. Told of every progress, so that it knows when the stage began. Not thread-safe.</summary>
internal sealed class ProgressPace(TimeProvider time)
{
    private static readonly TimeSpan Soonest = TimeSpan.FromSeconds(.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(359_999);

    private (ReindexStage, bool) _stage = ((ReindexStage)(-1), false);
    private long _began;

    /// <summary>Takes a progress; answers whether a stage begins with it.</summary>
    public bool See(in ReindexProgress progress)
    {
        if ((progress.Stage, progress.IsWaiting) == _stage)
        {
            return false;
        }

        (_stage, _began) = ((progress.Stage, progress.IsWaiting), time.GetTimestamp());
        return true;
    }

    /// <summary>Rows or products a second in this stage; null in a stage that is not counted and in its first half second.</summary>
    public double? PerSecond(in ReindexProgress progress)
    {
        var elapsed = time.GetElapsedTime(_began);
        return elapsed < Soonest ? null : progress.Stage switch
        {
            ReindexStage.Reading => progress.Rows / elapsed.TotalSeconds,
            ReindexStage.Indexing => progress.Done / elapsed.TotalSeconds,
            _ => null,
        };
    }

    /// <summary>What is left of this stage at its pace, at most 99:59:59; null where that cannot be told.</summary>
    public TimeSpan? Left(in ReindexProgress progress)
    {
        var elapsed = time.GetElapsedTime(_began);
        if (elapsed < Soonest || progress.Total is not { } total || progress.Done <= 0)
        {
            return null;
        }

        var left = elapsed / progress.Done * Math.Max(0, total - progress.Done);
        return left < Longest ? left : Longest;
    }
}
