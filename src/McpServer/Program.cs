using AiPlatform.Indexer.Console;
using AiPlatform.McpServer.Console;

await using var opened = new OpenedPlatforms();
return await IndexerCommands.RunAsync(ServerCommand.Create(args, opened), args, Console.Out, Console.Error, CancellationToken.None);
