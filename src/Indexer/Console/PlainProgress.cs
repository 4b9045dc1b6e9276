using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.Indexer.Console;

/// <summary>A line at every stage and every five seconds.</summary>
internal sealed class PlainProgress(TextWriter output, TimeProvider time) : IProgress<ReindexProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly ProgressPace _pace = new(time);
    private long _last = time.GetTimestamp();

    public void Report(ReindexProgress value)
    {
        if (_pace.See(value) || time.GetElapsedTime(_last) >= Pause)
        {
            _last = time.GetTimestamp();
            output.WriteLine(ProgressWords.Of(value, _pace));
        }
    }
}
