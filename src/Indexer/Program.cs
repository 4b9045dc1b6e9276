using System.CommandLine;
using AiPlatform.Indexer.Console;

var root = new RootCommand("Brings products into the catalogs that the platform searches.");
foreach (var command in IndexerCommands.All(StandaloneSession.Open, TimeProvider.System))
{
    root.Add(command);
}

return await IndexerCommands.RunAsync(root, args, Console.Out, Console.Error, CancellationToken.None).ConfigureAwait(false);
