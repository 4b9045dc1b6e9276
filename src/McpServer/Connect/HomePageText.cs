using System.Text;

namespace AiPlatform.McpServer.Connect;

/// <summary>The page for a terminal.</summary>
internal static class HomePageText
{
    public static string Write(HomePageContent content)
    {
        var text = new StringBuilder(4_096);
        text.Append("AiPlatform: product search for AI assistants, filtered by what the caller's groups may see.\n\n")
            .Append("MCP (Streamable HTTP)   ").Append(content.Endpoint).Append("\n                        with the header X-API-Key or Authorization: Bearer\n");
        if (content.SignIn is { } metadata)
        {
            text.Append("Or an access token      of an issuer that ").Append(metadata).Append(" names: a client that signs in by itself (OAuth 2.1) needs no key\n");
        }

        text.Append("Status                  ").Append(content.Status).Append(", version ").Append(content.Version).Append(" (/health)\n")
            .Append("A key                   ").Append(HomePageContent.MakeKey).Append("\n                        ").Append(HomePageContent.KeyAttributes).Append("\n                        ").Append(HomePageContent.SetKey).Append('\n')
            .Append("Over standard input     ").Append(HomePageContent.ShowStdio).Append('\n')
            .Append("Without any client      ").Append(HomePageContent.Search).Append('\n');
        foreach (var snippet in content.Snippets.Where(s => s.Form != SnippetForm.Link))
        {
            text.Append("\n# ").Append(snippet.Title).Append(": ").Append(snippet.Place).Append('\n').Append(snippet.Text).Append('\n');
        }

        return text.Append("\nHeaders, errors and settings: docs/connecting.md\n").ToString();
    }
}
