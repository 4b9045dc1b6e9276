using System.CommandLine;
using AiPlatform.McpServer.Hosting;
using Microsoft.AspNetCore.Connections;

namespace AiPlatform.McpServer.Console;

/// <summary>The command line of the executable: the server itself, and the commands beside it.</summary>
internal static class ServerCommand
{
    /// <param name="args">The command line.</param>
    /// <param name="opened">Takes what commands open.</param>
    public static RootCommand Create(IReadOnlyList<string> args, OpenedPlatforms opened)
    {
        var urls = new Option<string>("--urls") { Description = $"Addresses to listen on, separated by ';'. Default: {ServerHost.DefaultUrl}.", HelpName = "URLS" };
        var data = new Option<string>("--data") { Description = $"Folder of everything the server writes. Default: the variable {ServerPaths.DataVariable}, or data in the working directory.", HelpName = "FOLDER", Recursive = true };
        var root = new RootCommand("Product search for AI assistants over MCP, filtered by what the caller's groups may see. Without a command it starts the server.") { urls, data };
        WebApplication Open(bool quiet) => ServerHost.Build(Settings(root.Parse(args), urls, data, quiet), PlatformServices.Add);
        root.SetAction(async (_, cancellationToken) =>
        {
            await using var server = Open(quiet: false);
            try
            {
                await server.RunAsync(cancellationToken);
            }
            catch (IOException taken) when (taken.InnerException is AddressInUseException)
            {
                throw new IOException($"{taken.Message} Listen elsewhere with --urls, or end what listens there.", taken);
            }

            return 0;
        });
        root.Add(SearchCommand.Create(() => new OpenPlatform(Open(quiet: true))));
        root.Add(KeysCommand.Create(() => opened.Keep(Open(quiet: true)).Services));
        root.Add(PolicyCommand.Create());
        root.Add(DocsCommand.Create(() => opened.Keep(Open(quiet: true)).Services));
        return root;
    }

    private static string[] Settings(ParseResult parsed, Option<string> urls, Option<string> data, bool quiet)
    {
        var settings = new List<string>();
        if (quiet)
        {
            // A command's output is its answer; only what went wrong is said besides.
            settings.Add("--Logging:LogLevel:Default=Warning");
        }

        if (parsed.GetValue(urls) is { Length: > 0 } addresses)
        {
            settings.Add($"--urls={addresses}");
        }

        if (parsed.GetValue(data) is { Length: > 0 } folder)
        {
            settings.Add($"--{ServerPaths.DataVariable}={folder}");
        }

        return [.. settings];
    }
}
