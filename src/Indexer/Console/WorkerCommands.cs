using System.CommandLine;
using System.Globalization;
using AiPlatform.Core.Access;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AiPlatform.Indexer.Console;

/// <summary>The commands of a worker on its own and of the jobs all workers share: <c>worker</c>, <c>jobs</c>, <c>schedules</c>.</summary>
internal static class WorkerCommands
{
    private const int DefaultCount = 20;
    private const int MaxCount = 1_000;

    /// <summary>All of them.</summary>
    /// <param name="settings">What the command line holds of settings, such as <c>--Worker:Name=w1</c>; given to the host.</param>
    public static IReadOnlyList<Command> All(string[] settings) => [Work(settings), Jobs(settings), Schedules(settings)];

    private static Command Work(string[] settings)
    {
        var data = IndexerCommands.DataOption();
        var command = new Command("worker", "Does the jobs of the configured catalogs, ordered and scheduled, until it is stopped (docs/worker.md).") { data };
        command.SetAction((parsed, cancellationToken) => IndexerCommands.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            using var host = WorkerHost.Build(Path.GetFullPath(parsed.GetRequiredValue(data)), settings, quiet: false);
            await host.RunAsync(cancellationToken).ConfigureAwait(false);
            return IndexerCommands.Done;
        }));
        return command;
    }

    private static Command Jobs(string[] settings) => new("jobs", "The jobs of all workers: what runs, what waits, what came of the others.")
    {
        List(settings), Show(settings), Start(settings), Cancel(settings),
    };

    private static Command List(string[] settings)
    {
        var catalog = new Option<string>("--catalog") { Description = "Only those of this catalog.", HelpName = "NAME" };
        var count = new Option<int>("--count") { Description = $"How many at most, 1 to {MaxCount}.", DefaultValueFactory = _ => DefaultCount };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxCount)
            {
                result.AddError($"--count is 1 to {MaxCount}.");
            }
        });
        return Create("list", "Lists the latest jobs, newest first.", settings, [catalog, count], async (session, parsed, json, cancellationToken) =>
        {
            var jobs = await session.LatestAsync(parsed.GetValue(catalog), parsed.GetValue(count), cancellationToken).ConfigureAwait(false);
            return json ? JobText.Json(jobs) : jobs.Length == 0 ? "No job is remembered." : string.Join(Environment.NewLine, jobs.Select(JobText.Line));
        });
    }

    private static Command Show(string[] settings)
    {
        var id = new Argument<string>("id") { Description = "Id of the job." };
        return Create("show", "Tells all that is known of a job.", settings, [id], async (session, parsed, json, cancellationToken) =>
            JobText.Write(await session.FindAsync(parsed.GetRequiredValue(id), cancellationToken).ConfigureAwait(false), json));
    }

    private static Command Start(string[] settings)
    {
        var catalog = IndexerCommands.CatalogOption();
        var incremental = new Option<bool>("--incremental") { Description = "The rows of the source are changes; all other products stay." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Read, check and compare, but write nothing." };
        var force = new Option<bool>("--force") { Description = "Train and embed everything anew, changed or not." };
        var key = new Option<string>("--key") { Description = "Names the order: a repetition with the same key answers the same job.", HelpName = "TEXT" };
        var wait = new Option<bool>("--wait") { Description = "Answer when the job has ended." };
        return Create("start", "Orders a job of a configured catalog from the workers.", settings, [catalog, incremental, dryRun, force, key, wait], async (session, parsed, json, cancellationToken) =>
        {
            var order = new ReindexOrder(parsed.GetRequiredValue(catalog), parsed.GetValue(dryRun), parsed.GetValue(force), parsed.GetValue(key)) { Mode = parsed.GetValue(incremental) ? ReindexMode.Incremental : ReindexMode.Full };
            return JobText.Write(await session.StartAsync(order, parsed.GetValue(wait), cancellationToken).ConfigureAwait(false), json);
        });
    }

    private static Command Cancel(string[] settings)
    {
        var id = new Argument<string>("id") { Description = "Id of the job." };
        return Create("cancel", "Asks a job to stop before its swap.", settings, [id], async (session, parsed, json, cancellationToken) =>
            JobText.Write(await session.CancelAsync(parsed.GetRequiredValue(id), cancellationToken).ConfigureAwait(false), json));
    }

    private static Command Schedules(string[] settings) =>
        Create("schedules", "Lists the schedules of the configured catalogs and when each is next.", settings, [], (session, _, json, _) => ValueTask.FromResult(json
            ? JobText.Json(session.Schedules())
            : string.Join(Environment.NewLine, session.Schedules().Select(s => string.Create(
                CultureInfo.InvariantCulture, $"{s.Catalog}  {s.Cron}  {s.TimeZone}  misfire {s.Misfire}  next {s.Next?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture) ?? "never"}")).DefaultIfEmpty("No catalog has a schedule."))));

    private static Command Create(string name, string description, string[] settings, Symbol[] symbols, Func<JobsSession, ParseResult, bool, CancellationToken, ValueTask<string>> action)
    {
        var data = IndexerCommands.DataOption();
        var json = IndexerCommands.JsonOption();
        var command = new Command(name, description) { data, json };
        foreach (var symbol in symbols)
        {
            if (symbol is Option option)
            {
                command.Options.Add(option);
            }
            else if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
        }

        command.SetAction((parsed, cancellationToken) => IndexerCommands.GuardAsync(parsed.InvocationConfiguration.Error, async () =>
        {
            using var host = WorkerHost.Build(Path.GetFullPath(parsed.GetRequiredValue(data)), settings, quiet: true);
            var session = new JobsSession(
                host.Services.GetRequiredService<ReindexJobs>(),
                host.Services.GetRequiredService<Storage.Jobs.IReindexJobStore>(),
                host.Services.GetRequiredService<ConfiguredCatalogs>(),
                host.Services.GetRequiredService<AccessScope.Issuer>(),
                host.Services.GetRequiredService<TimeProvider>());
            await parsed.InvocationConfiguration.Output.WriteLineAsync(await action(session, parsed, parsed.GetValue(json), cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            return session.HasFailed ? IndexerCommands.Failed : IndexerCommands.Done;
        }));
        return command;
    }
}
