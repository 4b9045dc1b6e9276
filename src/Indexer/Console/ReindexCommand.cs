using System.Collections.Immutable;
using System.CommandLine;
using AiPlatform.Indexer.Gates;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Pipeline;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Console;

/// <summary>The command <c>reindex</c>.</summary>
internal static class ReindexCommand
{
    public static Command Create(Func<string, IndexerSession> open, TimeProvider time)
    {
        var source = new Option<string>("--source") { Description = "The products, JSONL or CSV, plain or gzip: a file, a folder, s3://bucket/prefix or https://… (docs/sources.md).", Required = true, HelpName = "LOCATION" };
        var mapping = new Option<string>("--mapping") { Description = "How rows become products: a YAML file (docs/reindexing.md).", Required = true, HelpName = "FILE" };
        var catalog = IndexerCommands.CatalogOption();
        var data = IndexerCommands.DataOption();
        var dryRun = new Option<bool>("--dry-run") { Description = "Read, check and compare, but write nothing." };
        var force = new Option<bool>("--force") { Description = "Train and embed everything anew, changed or not." };
        var maxRejected = ShareOption("--max-rejected", "Share of rows that may be rejected before the swap is refused, such as 10% or 0.1.");
        var maxDeleted = ShareOption("--max-deleted", "Share of the live products that may be deleted before the swap is refused, such as 30% or 0.3; 100% allows all.");
        var incremental = new Option<bool>("--incremental") { Description = "The source holds changes only: its rows are added, replaced or, where the mapping says so, deleted; everything else stays." };
        var overrides = OverrideOption();
        var checkpoint = CheckpointOption();
        var json = IndexerCommands.JsonOption();
        var command = new Command("reindex", "Brings a list of products into a catalog: reads, checks, compares, embeds what changed, and swaps the new generation in.")
        {
            source, mapping, catalog, data, dryRun, force, incremental, maxRejected, maxDeleted, overrides, checkpoint, json,
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
                MaxRejected = ShareOf(parsed, maxRejected, ReindexRequest.DefaultMaxRejected),
                MaxDeleted = ShareOf(parsed, maxDeleted, ReindexRequest.DefaultMaxDeleted),
                Mode = parsed.GetValue(incremental) ? ReindexMode.Incremental : ReindexMode.Full,
                Overrides = parsed.GetValue(overrides)!,
                CheckpointProducts = parsed.GetValue(checkpoint),
            };
            using var session = open(request.DataDirectory);
            request = request with { Gates = GatesOf(session, request.Catalog) };
            var job = new ReindexJob(session.Store, session.Embedders, time, session.Loggers.CreateLogger<ReindexJob>(), session.Sources, session.Gates?.Invoke(), session.Journal);
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

    private static GateSettings GatesOf(IndexerSession session, string catalog)
    {
        var problems = new List<string>();
        var settings = session.Configuration is { } configuration ? GateConfiguration.Read(configuration.GetSection($"{ConfiguredCatalogs.Section}:{catalog}"), problems) : new GateSettings();
        return problems.Count == 0 ? settings : throw new OptionsValidationException(GateConfiguration.Section, typeof(GateSettings), problems);
    }

    private static Option<ImmutableSortedDictionary<string, string>> OverrideOption() => new("--override")
    {
        Description = $"Opens a gate although it refuses, with the reason for the audit: GATE=REASON, GATE one of {string.Join(", ", GateNames.Overridable)}. Can be given several times.",
        HelpName = "GATE=REASON",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
        CustomParser = result =>
        {
            var overrides = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            foreach (var token in result.Tokens.Select(t => t.Value))
            {
                if (token.Split('=', 2) is [var gate, var reason])
                {
                    overrides[gate.Trim()] = reason.Trim();
                }
                else
                {
                    result.AddError($"--override: '{token}' is not GATE=REASON.");
                }
            }

            return overrides.ToImmutable();
        },
    };

    private static Option<int> CheckpointOption()
    {
        var option = new Option<int>("--checkpoint")
        {
            Description = "Changes between two checkpoints, behind which a run that is killed goes on; there is one every 15 seconds as well. Default 20000.",
            HelpName = "CHANGES",
            DefaultValueFactory = _ => ReindexRequest.DefaultCheckpointProducts,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--checkpoint: give a whole number from 1.");
            }
        });
        return option;
    }

    /// <summary>A share as text: a parser of its own makes the command line take equal values of two options for one.</summary>
    private static Option<string> ShareOption(string name, string description)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "SHARE" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !Share.TryParse(text, out _))
            {
                result.AddError($"{name}: '{text}' is no share. Write 10% or 0.1.");
            }
        });
        return option;
    }

    private static double ShareOf(ParseResult parsed, Option<string> option, double otherwise) =>
        parsed.GetValue(option) is { } text && Share.TryParse(text, out var share) ? share : otherwise;
}
