using System.Collections.Immutable;

namespace AiPlatform.McpServer.Connect;

/// <summary>What the page of the server says, whatever form it has.</summary>
/// <param name="Endpoint">The endpoint at the address the page was reached at.</param>
/// <param name="Status">The word of the health endpoint.</param>
/// <param name="Healthy">Whether that is a good one.</param>
/// <param name="Version">The server's version.</param>
/// <param name="SignIn">Path of the metadata by which clients sign in with access tokens; null where no issuer is trusted.</param>
internal sealed record HomePageContent(Uri Endpoint, string Status, bool Healthy, string Version, string? SignIn)
{
    private const string Program = "dotnet run --project src/McpServer -- ";

    /// <summary>Makes a key.</summary>
    public const string MakeKey = Program + "keys create --name NAME --group GROUP";

    /// <summary>What is easily forgotten when making one.</summary>
    public const string KeyAttributes = "Where the group's rules ask for an attribute, add it, such as --attribute region=EU: without it the key sees nothing.";

    /// <summary>Puts it where clients look.</summary>
    public const string SetKey = "export AIPLATFORM_API_KEY=" + ClientSnippets.KeyPlaceholder;

    /// <summary>Prints configurations for clients that start the server.</summary>
    public const string ShowStdio = Program + "connect --stdio";

    /// <summary>Asks without a client.</summary>
    public const string Search = Program + "search \"wireless headphones\"";

    /// <summary>Ready configurations for the address.</summary>
    public ImmutableArray<ClientSnippet> Snippets { get; } = ClientSnippets.For(Connection.Over(Endpoint));
}
