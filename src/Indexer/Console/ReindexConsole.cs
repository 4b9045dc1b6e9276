using AiPlatform.Indexer.Pipeline;
using Spectre.Console;

namespace AiPlatform.Indexer.Console;

/// <summary>Shows the progress of a reindex: a bar with rate and remaining time on a terminal, a plain line now and then otherwise.</summary>
internal static class ReindexConsole
{
    public static async Task<ReindexReport> WatchAsync(TextWriter error, TimeProvider time, Func<IProgress<ReindexProgress>, Task<ReindexReport>> run)
    {
        if (!ReferenceEquals(error, System.Console.Error) || System.Console.IsErrorRedirected)
        {
            return await run(new PlainProgress(error, time)).ConfigureAwait(false);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(bar => run(new BarProgress(bar, time))).ConfigureAwait(false);
    }
}
