using AiPlatform.McpServer.Mcp.Http;

namespace AiPlatform.McpServer.Connect;

/// <summary>What a client needs to know to reach this server, over HTTP or by starting it.</summary>
internal sealed record Connection
{
    /// <summary>Name of the server in a client's configuration unless it is given another.</summary>
    public const string DefaultName = "aiplatform";

    /// <summary>Name of the server in the client's configuration.</summary>
    public string Name { get; init; } = DefaultName;

    /// <summary>The API key; null for a reference to the variable of the environment, in the words of each client.</summary>
    public string? Key { get; init; }

    /// <summary>The address of the endpoint; null when the client starts the server.</summary>
    public Uri? Endpoint { get; private init; }

    /// <summary>How the client starts the server; null over HTTP.</summary>
    public StdioLaunch? Launch { get; private init; }

    /// <summary>Over HTTP.</summary>
    /// <param name="address">The address of the server, or of the endpoint itself: a path is kept, and without one it is the endpoint's.</param>
    public static Connection Over(Uri address) =>
        new() { Endpoint = address.AbsolutePath == "/" ? new Uri(address, McpEndpoint.Path) : address };

    /// <summary>By starting the server.</summary>
    public static Connection By(StdioLaunch launch) => new() { Launch = launch };
}
