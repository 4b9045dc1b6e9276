using System.Text;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Connect;

namespace AiPlatform.McpServer.Hosting;

/// <summary>Makes the demo's keys when the store holds none, and prints them once with a configuration ready to paste into a client.</summary>
internal sealed class DemoKeys(IApiKeyStore keys, IAccessPolicySource policies, AccessScope.Issuer issuer)
{
    private const string Program = "dotnet run --project src/McpServer --";

    /// <summary>What to print; null when there are keys already or the policy knows none of the demo's groups.</summary>
    /// <param name="connection">How clients reach the server.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string?> CreateAsync(Connection connection, CancellationToken cancellationToken)
    {
        var scope = issuer.IssueSystem("demo-keys", "create the demo keys at the first start in development");
        if ((await keys.ListAsync(scope, cancellationToken)).Count > 0)
        {
            return null;
        }

        var issued = new List<(DemoCaller Caller, string Secret)>();
        foreach (var caller in DemoCaller.All.Where(c => policies.Current.Groups.ContainsKey(c.Group)))
        {
            var key = await keys.CreateAsync(scope, new NewApiKey(caller.KeyName, [caller.Group], caller.Attributes, ExpiresAt: null), cancellationToken);
            issued.Add((caller, key.Secret));
        }

        return issued.Count == 0 ? null : Text(connection, issued);
    }

    private static string Text(Connection connection, List<(DemoCaller Caller, string Secret)> issued)
    {
        var text = new StringBuilder("\nDemo keys, shown this once (development only):\n\n");
        foreach (var (caller, secret) in issued)
        {
            text.Append("  ").Append(caller.Group.PadRight(16)).Append(secret).Append('\n');
        }

        var servers = issued.Select(key => connection with { Name = $"{Connection.DefaultName}-{key.Caller.Group}", Key = key.Secret });
        text.Append("\nConfiguration for an MCP client (one server for each key; keep the ones you want):\n\n")
            .Append(ClientSnippets.McpServers(servers))
            .Append("\n\nOther clients:  ").Append(Program).Append(connection.Launch is null ? $" connect --url {connection.Endpoint}" : " connect --stdio");
        if (connection.Endpoint is { } endpoint)
        {
            text.Append("\nIn a browser:   ").Append(new Uri(endpoint, "/"));
        }

        return text.Append("\nMore keys:      ").Append(HomePageContent.MakeKey)
            .Append("\n                ").Append(HomePageContent.KeyAttributes).Append('\n').ToString();
    }
}
