using System.CommandLine;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Pipeline;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Indexer.Console;

/// <summary>The command <c>reindex</c>.</summary>
internal static class ReindexCommand
{
    public static Command Create(Func<string, IndexerSession> open, TimeProvider time)
    {
        var source = new Option<string>("--source") { Description = "The products, JSONL or CSV, plain or gzip: a file, a folder, s3://bucket/prefix or https://… (docs/sources.md).", Required = true, HelpName = "LOCATION" };
        var mapping = new Option<string>("--mapping") { Description = "How rows become products: a YAML file (docs/indexing.md).", Required = true, HelpName = "FILE" };
        var catalog = IndexerCommands.CatalogOption();
        var data = IndexerCommands.DataOption();
        var dryRun = new Option<bool>("--dry-run") { Description = "Read, check and compare, but write nothing." };
        var force = new Option<bool>("--force") { Description = "Train and embed everything anew, changed or not." };
        var maxRejected = ShareOption("--max-rejected", "Share of rows that may be rejected before the swap is refused, such as 10% or 0.1.", ReindexRequest.DefaultMaxRejected);
        var maxDeleted = ShareOption("--max-deleted", "Share of the live products that may be deleted before the swap is refused, such as 30% or 0.3; 100% allows all.", ReindexRequest.DefaultMaxDeleted);
        var json = IndexerCommands.JsonOption();
        var command = new Command("reindex", "Brings a list of products into a catalog: reads, checks, compares, embeds what changed, and swaps the new generation in.")
        {
            source, mapping, catalog, data, dryRun, force, maxRejected, maxDeleted, json,
        };
        command.SetAction((parsed, cancellationToken) => IndexerCommands.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            var request = new ReindexRequest
            {
                SourcePath = parsed.GetRequiredValue(source),
                Mapping = await MappingReader.ReadAsync(parsed.GetRequiredValue(mapping), cancellationToken).ConfigureAwait(false),
                Catalog = parsed.GetRequiredValue(catalog),
                DataDirectory = Path.GetFullPath(parsed.GetRequiredValue(data)),
                DryRun = parsed.GetValue(dryRun),
                Force = parsed.GetValue(force),
                MaxRejected = parsed.GetValue(maxRejected),
                MaxDeleted = parsed.GetValue(maxDeleted),
            };
            using var session = open(request.DataDirectory);
            var job = new ReindexJob(session.Store, session.Embedders, time, session.Loggers.CreateLogger<ReindexJob>(), session.Sources);
            var report = await ReindexConsole.WatchAsync(
                parsed.InvocationConfiguration.Error,
                time,
                progress => session.Jobs is null
                    ? job.RunAsync(session.System, request, progress, cancellationToken)
                    : new RecordedReindex(session.Jobs, session.System, time, session.Loggers.CreateLogger<RecordedReindex>()).RunAsync(job, request, progress, cancellationToken)).ConfigureAwait(false);
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync(parsed.GetValue(json) ? ReportJson.Write(report) : ReportText.Write(report)).ConfigureAwait(false);
            return IndexerCommands.Done;
        }));
        return command;
    }

    private static Option<double> ShareOption(string name, string description, double standard) => new(name)
    {
        Description = description,
        HelpName = "SHARE",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            if (Share.TryParse(result.Tokens[0].Value, out var share))
            {
                return share;
            }

            result.AddError($"{name}: '{result.Tokens[0].Value}' is no share. Write 10% or 0.1.");
            return 0;
        },
    };
}
