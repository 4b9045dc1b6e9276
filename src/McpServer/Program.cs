using AiPlatform.Indexer.Console;
using AiPlatform.McpServer.Console;

return await IndexerCommands.RunAsync(ServerCommand.Create(args), args, Console.Out, Console.Error, CancellationToken.None);
