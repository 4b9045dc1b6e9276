using System.CommandLine;
using AiPlatform.McpServer.Connect;
using AiPlatform.McpServer.Hosting;
using Microsoft.AspNetCore.Connections;

namespace AiPlatform.McpServer.Console;

/// <summary>The command line of the executable: the server itself, and the commands beside it.</summary>
internal static class ServerCommand
{
    private const int Failed = 1;

    /// <param name="args">The command line.</param>
    /// <param name="opened">Takes what commands open.</param>
    public static RootCommand Create(IReadOnlyList<string> args, OpenedPlatforms opened)
    {
        var urls = new Option<string>("--urls") { Description = $"Addresses to listen on, separated by ';'. Default: {ServerHost.DefaultUrl}.", HelpName = "URLS" };
        var data = new Option<string>("--data") { Description = $"Folder of everything the server writes. Default: the variable {ServerPaths.DataVariable}, or data in the working directory.", HelpName = "FOLDER", Recursive = true };
        var stdio = new StdioOptions();
        var root = new RootCommand("Product search for AI assistants over MCP, filtered by what the caller's groups may see. Without a command it starts the server.")
        {
            urls, data, stdio.Stdio, stdio.Key, stdio.GroupContext,
        };
        root.Validators.Add(result => stdio.Check(result, urls));
        WebApplication Open(params string[] more) => ServerHost.Build([.. Settings(root.Parse(args), urls, data), .. more], PlatformServices.Add);
        root.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(stdio.Stdio))
            {
                return await ServeStdioAsync(parsed, stdio, Settings(parsed, urls, data), cancellationToken);
            }

            await using var server = Open();
            return await ServeAsync(server, cancellationToken);
        });
        root.Add(SearchCommand.Create(() => new OpenPlatform(Open(Quiet))));
        root.Add(KeysCommand.Create(() => opened.Keep(Open(Quiet)).Services));
        root.Add(PolicyCommand.Create());
        root.Add(ConnectCommand.Create(() => Launch(Settings(root.Parse(args), urls, data))));
        return root;
    }

    /// <summary>A command's output is its answer; only what went wrong is said besides.</summary>
    private static string Quiet => "--Logging:LogLevel:Default=Warning";

    private static async Task<int> ServeAsync(WebApplication server, CancellationToken cancellationToken)
    {
        try
        {
            await server.RunAsync(cancellationToken);
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            throw new IOException($"{taken.Message} Listen elsewhere with --urls, or end what listens there.", taken);
        }

        return 0;
    }

    private static async Task<int> ServeStdioAsync(ParseResult parsed, StdioOptions options, string[] settings, CancellationToken cancellationToken)
    {
        await using var app = ServerHost.Build([.. settings, Quiet, "--Logging:LogLevel:AiPlatform=Information"], builder =>
        {
            PlatformServices.Add(builder);
            StdioHost.Configure(builder);
        });
        return await StdioHost.RunAsync(app, options.Credentials(parsed), parsed.InvocationConfiguration.Error, cancellationToken) ? 0 : Failed;
    }

    /// <summary>How a client would start this program, as its settings are here and now.</summary>
    private static StdioLaunch Launch(string[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(settings);
        ServerDefaults.Apply(builder.Configuration, builder.Environment);
        return StdioLaunch.Of(builder.Configuration, builder.Environment);
    }

    private static string[] Settings(ParseResult parsed, Option<string> urls, Option<string> data)
    {
        var settings = new List<string>();
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
