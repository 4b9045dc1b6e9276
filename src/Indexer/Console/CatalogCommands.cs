using System.CommandLine;
using System.Globalization;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.Indexer.Console;

/// <summary>The commands on generations: <c>rollback</c>, <c>generations</c>, <c>verify</c>.</summary>
internal static class CatalogCommands
{
    public static Command Rollback(Func<string, IndexerSession> open) => Create(
        "rollback",
        "Makes the previous generation of a catalog live again.",
        open,
        async (session, catalog, json, output, cancellationToken) =>
        {
            var live = await session.Store.RollbackAsync(session.System, catalog, cancellationToken).ConfigureAwait(false);
            await output.WriteLineAsync(json
                ? ReportJson.Write([live])
                : $"{catalog}: generation {live.Number} is live ({live.Note}, {ProgressWords.Count(live.Products)} products).").ConfigureAwait(false);
            return IndexerCommands.Done;
        });

    public static Command Generations(Func<string, IndexerSession> open) => Create(
        "generations",
        "Lists the generations of a catalog that are kept, newest first; the first is live.",
        open,
        async (session, catalog, json, output, cancellationToken) =>
        {
            var generations = await session.Store.ListGenerationsAsync(session.System, catalog, cancellationToken).ConfigureAwait(false);
            if (json)
            {
                await output.WriteLineAsync(ReportJson.Write(generations)).ConfigureAwait(false);
            }
            else if (generations.Count == 0)
            {
                await output.WriteLineAsync($"The catalog '{catalog}' has no generation. Make one with reindex.").ConfigureAwait(false);
            }

            foreach (var (generation, index) in json ? [] : generations.Select((g, i) => (g, i)))
            {
                await output.WriteLineAsync(Line(generation, index == 0)).ConfigureAwait(false);
            }

            return generations.Count == 0 ? IndexerCommands.Failed : IndexerCommands.Done;
        });

    public static Command Verify(Func<string, IndexerSession> open) => Create(
        "verify",
        "Checks that a catalog's live generation is whole: every file, or every product of its index, and what says that it is live.",
        open,
        async (session, catalog, json, output, cancellationToken) =>
        {
            var problems = await session.Store.VerifyAsync(session.System, catalog, cancellationToken).ConfigureAwait(false);
            await output.WriteLineAsync(json
                ? ReportJson.Write(catalog, problems)
                : problems.Count == 0 ? $"{catalog}: sound." : string.Join(Environment.NewLine, problems)).ConfigureAwait(false);
            return problems.Count == 0 ? IndexerCommands.Done : IndexerCommands.Failed;
        });

    private static Command Create(
        string name, string description, Func<string, IndexerSession> open, Func<IndexerSession, string, bool, TextWriter, CancellationToken, Task<int>> action)
    {
        var catalog = IndexerCommands.CatalogOption();
        var data = IndexerCommands.DataOption();
        var json = IndexerCommands.JsonOption();
        var command = new Command(name, description) { catalog, data, json };
        command.SetAction((parsed, cancellationToken) => IndexerCommands.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            using var session = open(Path.GetFullPath(parsed.GetRequiredValue(data)));
            return await action(session, parsed.GetRequiredValue(catalog), parsed.GetValue(json), parsed.InvocationConfiguration.Output, cancellationToken).ConfigureAwait(false);
        }));
        return command;
    }

    private static string Line(GenerationInfo generation, bool live)
    {
        var model = generation.EmbeddingModel.Length == 0 ? "no vectors" : $"{generation.EmbeddingModel} ({generation.Dimensions})";
        var at = generation.CreatedAt.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        return $"{(live ? "live" : "    ")}  {generation.Number,5}  {at}  {ProgressWords.Count(generation.Products),9} products  {ReportText.Bytes(generation.Bytes),9}  {model}  {generation.Note}";
    }
}
