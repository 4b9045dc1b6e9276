using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace AiPlatform.McpServer.Connect;

/// <summary>The page for a person with a browser. Everything is in it: no other request is made, and nothing in it is secret.</summary>
internal static class HomePageHtml
{
    // Line ends as a browser reads them: the digests are over these texts.
    private static readonly string Style = """
        :root { color-scheme: light dark; --text: #1c2128; --soft: #57606a; --back: #ffffff; --card: #f4f6f8; --line: #d0d7de; --accent: #0a5cc2; --good: #1a6e33; --bad: #a5231c; }
        @media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #a0abb7; --back: #10151c; --card: #1a212b; --line: #36404d; --accent: #79b4ff; --good: #6fd08c; --bad: #ff9a92; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 52rem; background: var(--back); color: var(--text); font: 1rem/1.55 system-ui, sans-serif; }
        h1 { margin: 0 0 .25rem; font-size: 1.7rem; line-height: 1.2; }
        h2 { margin: 2.25rem 0 .5rem; font-size: 1.25rem; }
        h3 { margin: 1.5rem 0 .25rem; font-size: 1.05rem; }
        p { margin: .4rem 0; }
        a { color: var(--accent); }
        a:focus-visible, button:focus-visible, pre:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        .soft { color: var(--soft); }
        .status { font-weight: 600; }
        .good { color: var(--good); }
        .bad { color: var(--bad); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 1rem 0; }
        dt { color: var(--soft); }
        dd { margin: 0; overflow-wrap: anywhere; }
        nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .5rem 0 0; padding: 0; list-style: none; }
        figure { margin: .5rem 0 1rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); overflow: hidden; }
        figcaption { display: flex; align-items: center; justify-content: space-between; gap: 1rem; min-height: 2.75rem; padding: .25rem .4rem .25rem .8rem; border-bottom: 1px solid var(--line); color: var(--soft); font-size: .9rem; }
        pre { margin: 0; padding: .8rem; overflow-x: auto; }
        pre.line { white-space: pre-wrap; overflow-wrap: anywhere; }
        code { font: .875rem/1.5 ui-monospace, monospace; }
        button { min-height: 2.25rem; padding: 0 .9rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--back); color: var(--text); font: inherit; cursor: pointer; }
        button[hidden] { display: none; }
        """.ReplaceLineEndings("\n");

    // Copies what a button belongs to; without scripts the buttons are not there and everything can still be selected.
    private static readonly string Script = """
        for (const button of document.querySelectorAll('button[data-copy]')) {
          button.hidden = false;
          button.addEventListener('click', async () => {
            const code = document.getElementById(button.dataset.copy);
            try {
              await navigator.clipboard.writeText(code.textContent);
              button.textContent = 'Copied';
            } catch {
              getSelection().selectAllChildren(code);
              button.textContent = 'Selected';
            }
            setTimeout(() => { button.textContent = 'Copy'; }, 2000);
          });
        }
        """.ReplaceLineEndings("\n");

    /// <summary>The policy the page is sent with: its own style and script by their digests, and nothing else from anywhere.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src '{Digest(Style)}'; script-src '{Digest(Script)}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>The page for the address it was reached at.</summary>
    public static string Write(HomePageContent content)
    {
        var html = new StringBuilder(16_384);
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
            .Append("<meta name=\"color-scheme\" content=\"light dark\"/>\n<title>AiPlatform: product search for AI assistants</title>\n")
            .Append("<style>").Append(Style).Append("</style>\n</head>\n<body>\n");
        Head(html, content);
        html.Append("<main>\n");
        Key(html, content);
        Clients(html, content);
        Help(html);
        html.Append("</main>\n<script>").Append(Script).Append("</script>\n</body>\n</html>\n");
        return html.ToString();
    }

    private static void Head(StringBuilder html, HomePageContent content)
    {
        var tone = content.Healthy ? "good" : "bad";
        html.Append("<header>\n<h1>AiPlatform</h1>\n<p>Product search for AI assistants over the Model Context Protocol. Each caller gets exactly what its groups may see.</p>\n<dl>\n")
            .Append("<dt>Address</dt><dd><code>").Append(Encode(content.Endpoint.AbsoluteUri)).Append("</code></dd>\n")
            .Append("<dt>Sign-in</dt><dd>an API key in the header <code>X-API-Key</code>, or as <code>Authorization: Bearer</code>");
        if (content.SignIn is { } metadata)
        {
            html.Append("; or an access token (OAuth 2.1) of an issuer that <a href=\"").Append(Encode(metadata)).Append("\">the metadata</a> names, as <code>Authorization: Bearer</code>");
        }

        html.Append("</dd>\n")
            .Append("<dt>Status</dt><dd><span class=\"status ").Append(tone).Append("\">").Append(content.Status).Append("</span> (<a href=\"/health\">health</a>)</dd>\n")
            .Append("<dt>Version</dt><dd>").Append(Encode(content.Version)).Append("</dd>\n</dl>\n<nav aria-label=\"Clients\">\n<ul>\n");
        foreach (var client in content.Snippets.GroupBy(s => s.Client))
        {
            html.Append("<li><a href=\"#").Append(client.Key).Append("\">").Append(Encode(client.First().Title)).Append("</a></li>\n");
        }

        html.Append("</ul>\n</nav>\n</header>\n");
    }

    private static void Key(StringBuilder html, HomePageContent content)
    {
        html.Append("<section aria-labelledby=\"key\">\n<h2 id=\"key\">1. Get a key</h2>\n")
            .Append("<p>Ask whoever runs this server for one. On the server itself:</p>\n");
        Block(html, "make-key", "a terminal in the server's folder", HomePageContent.MakeKey);
        html.Append("<p>").Append(Encode(HomePageContent.KeyAttributes)).Append("</p>\n");
        html.Append("<p>In development the first start makes demo keys and prints them once. The configurations below read the key from the variable ")
            .Append("<code>AIPLATFORM_API_KEY</code>, ask for it, or have <code>").Append(ClientSnippets.KeyPlaceholder).Append("</code> in its place:</p>\n");
        Block(html, "set-key", "a terminal", HomePageContent.SetKey);
        if (content.SignIn is not null)
        {
            html.Append("<p>A client that signs in by itself needs no key: give it the address and leave the header out.</p>\n");
        }

        html.Append("</section>\n");
    }

    private static void Clients(StringBuilder html, HomePageContent content)
    {
        html.Append("<section aria-labelledby=\"connect\">\n<h2 id=\"connect\">2. Connect a client</h2>\n");
        var number = 0;
        foreach (var client in content.Snippets.GroupBy(s => s.Client))
        {
            html.Append("<h3 id=\"").Append(client.Key).Append("\">").Append(Encode(client.First().Title)).Append("</h3>\n");
            foreach (var snippet in client)
            {
                if (snippet.Form == SnippetForm.Link)
                {
                    html.Append("<p><a href=\"").Append(Encode(snippet.Text)).Append("\">Install in ").Append(Encode(snippet.Title)).Append("</a></p>\n");
                }
                else
                {
                    number++;
                    Block(html, $"snippet-{number}", snippet.Place, snippet.Text);
                }
            }
        }

        html.Append("</section>\n");
    }

    private static void Help(StringBuilder html)
    {
        html.Append("<section aria-labelledby=\"more\">\n<h2 id=\"more\">More</h2>\n")
            .Append("<p>Any other client: Streamable HTTP at the address above, with the key in a header. A client on the server's own machine can start the server itself and talk over standard input and output:</p>\n");
        Block(html, "start", "a terminal in the server's folder", HomePageContent.ShowStdio);
        html.Append("<p>Headers, errors and settings are in <code>docs/connecting.md</code> of the server's repository, the tools in <code>docs/tools.md</code>. Without any client, this asks with every demo key:</p>\n");
        Block(html, "search", "a terminal in the server's folder", HomePageContent.Search);
        html.Append("</section>\n");
    }

    private static void Block(StringBuilder html, string id, string place, string text) =>
        html.Append("<figure>\n<figcaption><span>").Append(Encode(place)).Append("</span><button type=\"button\" hidden=\"hidden\" data-copy=\"").Append(id)
            .Append("\" aria-label=\"Copy: ").Append(Encode(place)).Append("\">Copy</button></figcaption>\n<pre").Append(text.Contains('\n', StringComparison.Ordinal) ? "" : " class=\"line\"").Append(" tabindex=\"0\"><code id=\"").Append(id).Append("\">").Append(Encode(text)).Append("</code></pre>\n</figure>\n");

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Digest(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
