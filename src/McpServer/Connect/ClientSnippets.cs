using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp.Stdio;

namespace AiPlatform.McpServer.Connect;

/// <summary>
/// Ready configurations for the clients people use, each in the shape its documentation asks for. The one place that knows them: the page,
/// the demo's keys, the command line and the documents all show what this makes.
/// </summary>
internal static class ClientSnippets
{
    /// <summary>Stands for a key in a file whose client has no reference to a variable or an input.</summary>
    public const string KeyPlaceholder = "YOUR_API_KEY";

    private const string Variable = StdioCredentials.KeyVariable;

    /// <summary>The major version whose command line and files these are.</summary>
    private const string Inspector = "@modelcontextprotocol/inspector@2";

    /// <summary>What that version asks for; on an older one it breaks off without a word of use.</summary>
    private const string InspectorTerminal = "a terminal with Node 22.19 or newer";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Ids of the clients, in the order of <see cref="For"/>.</summary>
    public static ImmutableArray<string> Clients { get; } = ["claude-code", "claude-desktop", "vscode", "cursor", "inspector"];

    /// <summary>Every way to connect every client, always in the same order.</summary>
    public static ImmutableArray<ClientSnippet> For(Connection connection) =>
        [.. ClaudeCode(connection), .. ClaudeDesktop(connection), .. VsCode(connection), .. Cursor(connection), .. InspectorOf(connection)];

    /// <summary>One file that names several servers, in the shape Claude Code and many other clients read.</summary>
    public static string McpServers(IEnumerable<Connection> connections)
    {
        var servers = new JsonObject();
        foreach (var connection in connections)
        {
            servers[connection.Name] = Server(connection, "http", $"${{{Variable}}}");
        }

        return File("mcpServers", servers);
    }

    private static ClientSnippet[] ClaudeCode(Connection connection)
    {
        const string Title = "Claude Code";
        var line = connection.Launch is { } launch
            ? ShellLine.Of(["claude", "mcp", "add", .. EnvironmentOptions("--env", connection, launch), "--transport", "stdio", connection.Name, "--", launch.Command, .. launch.Arguments])
            : ShellLine.Of("claude", "mcp", "add", "--transport", "http", connection.Name, connection.Endpoint!.AbsoluteUri, "--header", HeaderWord(connection));
        return
        [
            new("claude-code", Title, SnippetForm.Command, "a terminal", line),
            new("claude-code", Title, SnippetForm.File, ".mcp.json in the project", McpServers([connection])),
        ];
    }

    /// <summary>Claude Desktop starts programs only, and replaces no variables in its file: over HTTP a bridge does both.</summary>
    private static ClientSnippet[] ClaudeDesktop(Connection connection)
    {
        var server = connection.Launch is { } launch
            ? Started(launch, connection.Key ?? KeyPlaceholder)
            : new JsonObject
            {
                ["command"] = "npx",
                ["args"] = Strings(["-y", "mcp-remote", connection.Endpoint!.AbsoluteUri, "--transport", "http-only", .. Unencrypted(connection.Endpoint), "--header", $"{PresentedCredential.KeyHeader}:${{{Variable}}}"]),
                ["env"] = new JsonObject { [Variable] = connection.Key ?? KeyPlaceholder },
            };
        return [new("claude-desktop", "Claude Desktop", SnippetForm.File, "claude_desktop_config.json", File("mcpServers", new JsonObject { [connection.Name] = server }))];
    }

    /// <summary>VS Code asks for the key and keeps it, so that the file holds none.</summary>
    private static ClientSnippet[] VsCode(Connection connection)
    {
        const string Title = "VS Code";
        var input = connection.Name + "-key";
        JsonObject Server() => ClientSnippets.Server(connection with { Key = null }, "http", $"${{input:{input}}}");
        JsonArray Inputs() =>
            [new JsonObject { ["type"] = "promptString", ["id"] = input, ["description"] = "AiPlatform API key", ["password"] = true }];
        var file = new JsonObject { ["inputs"] = Inputs(), ["servers"] = new JsonObject { [connection.Name] = Server() } };
        var install = new JsonObject { ["name"] = connection.Name };
        foreach (var (key, value) in Server())
        {
            install[key] = value?.DeepClone();
        }

        install["inputs"] = Inputs();
        return
        [
            new("vscode", Title, SnippetForm.File, ".vscode/mcp.json", file.ToJsonString(Indented)),
            new("vscode", Title, SnippetForm.Link, "a browser", "vscode:mcp/install?" + Uri.EscapeDataString(install.ToJsonString(Compact))),
        ];
    }

    private static ClientSnippet[] Cursor(Connection connection)
    {
        const string Title = "Cursor";
        var server = Server(connection, http: null, $"${{env:{Variable}}}");
        var config = Convert.ToBase64String(Encoding.UTF8.GetBytes(server.ToJsonString(Compact)));
        return
        [
            new("cursor", Title, SnippetForm.File, ".cursor/mcp.json", File("mcpServers", new JsonObject { [connection.Name] = server })),
            new("cursor", Title, SnippetForm.Link, "a browser", $"cursor://anysphere.cursor-deeplink/mcp/install?name={Uri.EscapeDataString(connection.Name)}&config={Uri.EscapeDataString(config)}"),
        ];
    }

    private static ClientSnippet[] InspectorOf(Connection connection)
    {
        const string Title = "MCP Inspector";
        var line = connection.Launch is { } launch
            ? ShellLine.Of(["npx", Inspector, "--cli", .. EnvironmentOptions("-e", connection, launch), "--method", "tools/list", "--", launch.Command, .. launch.Arguments])
            : ShellLine.Of("npx", Inspector, "--cli", connection.Endpoint!.AbsoluteUri, "--transport", "http", "--header", HeaderWord(connection), "--method", "tools/list");
        var file = File("mcpServers", new JsonObject { [connection.Name] = Server(connection, "streamable-http", KeyPlaceholder) });
        return
        [
            new("inspector", Title, SnippetForm.Command, InspectorTerminal, line),
            new("inspector", Title, SnippetForm.File, $"mcp.json, for --config mcp.json --server {connection.Name}", file),
        ];
    }

    /// <summary>The entry of a server in most clients' files.</summary>
    /// <param name="connection">Where it is.</param>
    /// <param name="http">What the client calls the HTTP transport; null when it goes without saying.</param>
    /// <param name="reference">Stands for the key when there is none.</param>
    private static JsonObject Server(Connection connection, string? http, string reference)
    {
        var key = connection.Key ?? reference;
        if (connection.Launch is { } launch)
        {
            var started = Started(launch, key);
            started.Insert(0, "type", "stdio");
            return started;
        }

        var server = new JsonObject { ["url"] = connection.Endpoint!.AbsoluteUri, ["headers"] = new JsonObject { [PresentedCredential.KeyHeader] = key } };
        if (http is not null)
        {
            server.Insert(0, "type", http);
        }

        return server;
    }

    private static JsonObject Started(StdioLaunch launch, string key)
    {
        var environment = new JsonObject { [Variable] = key };
        foreach (var (name, value) in launch.Environment)
        {
            environment[name] = value;
        }

        return new JsonObject { ["command"] = launch.Command, ["args"] = Strings(launch.Arguments), ["env"] = environment };
    }

    private static IEnumerable<string> EnvironmentOptions(string option, Connection connection, StdioLaunch launch) =>
        launch.Environment.SelectMany(pair => (string[])[option, $"{pair.Key}={pair.Value}"])
            .Prepend(connection.Key is { } key ? $"{Variable}={key}" : ShellLine.WithVariable(Variable + "=", Variable))
            .Prepend(option);

    private static string HeaderWord(Connection connection) =>
        connection.Key is { } key ? $"{PresentedCredential.KeyHeader}: {key}" : ShellLine.WithVariable(PresentedCredential.KeyHeader + ": ", Variable);

    /// <summary>The bridge refuses plain HTTP to anything but the machine itself unless it is told.</summary>
    private static string[] Unencrypted(Uri endpoint) =>
        endpoint.Scheme == Uri.UriSchemeHttp && endpoint.Host is not ("localhost" or "127.0.0.1") ? ["--allow-http"] : [];

    private static string File(string root, JsonObject servers) => new JsonObject { [root] = servers }.ToJsonString(Indented);

    private static JsonArray Strings(IEnumerable<string> values) => [.. values.Select(v => (JsonNode)v)];
}
