using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using AiPlatform.McpServer.Connect;
using AiPlatform.McpServer.Hosting;

namespace AiPlatform.McpServer.Console;

/// <summary><c>connect</c>: prints what a client needs to reach this server. Opens nothing and asks nobody. Exit code 0; a line that does not parse is the root command's to answer with 2.</summary>
internal static partial class ConnectCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="launch">Answers how a client would start this program.</param>
    public static Command Create(Func<StdioLaunch> launch)
    {
        var client = new Option<string>("--client") { Description = "Only for this client.", HelpName = "NAME" };
        client.AcceptOnlyFromAmong([.. ClientSnippets.Clients]);
        var url = new Option<Uri>("--url")
        {
            Description = $"Address of the server, or of its endpoint. Default: {ServerHost.DefaultUrl}.",
            HelpName = "URL",
            CustomParser = result => Address(result.Tokens[0].Value, result.AddError),
        };
        var key = new Option<string>("--key") { Description = "Key to put in. Default: a reference to the variable AIPLATFORM_API_KEY, or an input of the client.", HelpName = "KEY" };
        var stdio = new Option<bool>("--stdio") { Description = "The client starts this program, over this data folder, and talks over standard input and output." };
        var registry = new Option<string>("--registry") { Description = "Print server.json for a registry instead, under this name, such as com.example/shop. Without --url its reader fills in the host.", HelpName = "NAME" };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        registry.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && !RegistryName().IsMatch(name))
            {
                result.AddError("--registry must be a reverse-DNS namespace, a slash and a name, such as com.example/shop.");
            }
        });
        var command = new Command("connect", "Print ready configurations for MCP clients.") { client, url, key, stdio, registry, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(stdio) && result.GetValue(url) is not null)
            {
                result.AddError("--url and --stdio exclude each other: a client that starts the program needs no address.");
            }

            if (result.GetValue(registry) is not null && (result.GetValue(stdio) || result.GetValue(key) is not null || result.GetValue(client) is not null))
            {
                result.AddError("--registry goes with --url only: the document holds no key and is for every client.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var address = parsed.GetValue(url);
            if (parsed.GetValue(registry) is { } name)
            {
                await output.WriteAsync(ServerDocument.Create(name, address is null ? null : Connection.Over(address).Endpoint).AsMemory(), cancellationToken);
                return;
            }

            var connection = parsed.GetValue(stdio) ? Connection.By(await LaunchAsync(launch, parsed.InvocationConfiguration.Error)) : Connection.Over(address ?? new Uri(ServerHost.DefaultUrl));
            var wanted = parsed.GetValue(client);
            var snippets = ClientSnippets.For(connection with { Key = parsed.GetValue(key) }).Where(s => wanted is null || s.Client == wanted);
            var text = parsed.GetValue(json) ? JsonSerializer.Serialize(snippets.Select(View), Json) : string.Join("\n\n", snippets.Select(Text));
            await output.WriteLineAsync(text.AsMemory(), cancellationToken);
        });
        return command;
    }

    private static async Task<StdioLaunch> LaunchAsync(Func<StdioLaunch> launch, TextWriter error)
    {
        var started = launch();
        if (started.Environment.FirstOrDefault(v => v.Key == StdioLaunch.PolicyVariable).Value is { } policy && !File.Exists(policy))
        {
            await error.WriteLineAsync($"warning: there is no policy at {policy}, and without one the server does not start. Write it, or name another in {StdioLaunch.PolicyVariable}.");
        }

        return started;
    }

    private static string Text(ClientSnippet snippet) =>
        (snippet.Form switch
        {
            SnippetForm.Command => $"{snippet.Title}, in {snippet.Place}:",
            SnippetForm.Link => $"{snippet.Title}, opened in {snippet.Place}:",
            _ => $"{snippet.Title}, {snippet.Place}:",
        }) + "\n\n" + snippet.Text;

    private static object View(ClientSnippet snippet) =>
        new { snippet.Client, snippet.Title, Form = snippet.Form.ToString().ToLowerInvariant(), snippet.Place, snippet.Text };

    private static Uri? Address(string text, Action<string> addError)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) && address.UserInfo.Length == 0)
        {
            return address;
        }

        addError("--url must be an http or https address without a user, such as https://search.example.com/mcp.");
        return null;
    }

    [GeneratedRegex("^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$")]
    private static partial Regex RegistryName();
}
