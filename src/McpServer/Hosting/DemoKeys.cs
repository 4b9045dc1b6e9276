using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Hosting;

/// <summary>Makes the demo's keys when the store holds none, and prints them once with a configuration ready to paste into a client.</summary>
internal sealed class DemoKeys(IApiKeyStore keys, IAccessPolicySource policies, AccessScope.Issuer issuer)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>What to print; null when there are keys already or the policy knows none of the demo's groups.</summary>
    public async Task<string?> CreateAsync(Uri endpoint, CancellationToken cancellationToken)
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

        return issued.Count == 0 ? null : Text(endpoint, issued);
    }

    private static string Text(Uri endpoint, List<(DemoCaller Caller, string Secret)> issued)
    {
        var text = new StringBuilder("\nDemo keys, shown this once (development only):\n\n");
        var servers = new JsonObject();
        foreach (var (caller, secret) in issued)
        {
            text.Append("  ").Append(caller.Group.PadRight(16)).Append(secret).Append('\n');
            servers["aiplatform-" + caller.Group] = new JsonObject
            {
                ["type"] = "http",
                ["url"] = endpoint.AbsoluteUri,
                ["headers"] = new JsonObject { ["X-API-Key"] = secret },
            };
        }

        return text.Append("\nConfiguration for an MCP client (one server for each key; keep the ones you want):\n\n")
            .Append(new JsonObject { ["mcpServers"] = servers }.ToJsonString(Indented))
            .Append("\n\nMore keys: dotnet run --project src/McpServer -- keys create --name NAME --group GROUP\n")
            .ToString();
    }
}
