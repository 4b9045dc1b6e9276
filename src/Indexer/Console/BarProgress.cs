using AiPlatform.Indexer.Pipeline;
using Spectre.Console;

namespace AiPlatform.Indexer.Console;

/// <summary>One bar, filled anew at every stage.</summary>
internal sealed class BarProgress(ProgressContext context, TimeProvider time) : IProgress<ReindexProgress>
{
    private readonly ProgressPace _pace = new(time);
    private readonly ProgressTask _task = context.AddTask("starting");

    public void Report(ReindexProgress value)
    {
        _pace.See(value);
        _task.Description = Markup.Escape(ProgressWords.Of(value, _pace));
        _task.IsIndeterminate = value.Total is null;
        _task.MaxValue = value.Total ?? 1;
        _task.Value = value.Done;
    }
}
