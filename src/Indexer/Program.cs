using System.CommandLine;
using AiPlatform.Indexer.Console;

// Settings, told by the colon in their names, are for the host of the worker; the rest is the command line.
string[] settings = [.. args.Where(a => a.StartsWith("--", StringComparison.Ordinal) && a.Split('=')[0].Contains(':', StringComparison.Ordinal))];
var root = new RootCommand("Brings products into the catalogs that the platform searches.");
foreach (var command in IndexerCommands.All(StandaloneSession.Open, TimeProvider.System).Concat(WorkerCommands.All(settings)))
{
    root.Add(command);
}

return await IndexerCommands.RunAsync(root, [.. args.Except(settings, StringComparer.Ordinal)], Console.Out, Console.Error, CancellationToken.None).ConfigureAwait(false);
