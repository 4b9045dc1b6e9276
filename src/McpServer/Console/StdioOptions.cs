using System.CommandLine;
using System.CommandLine.Parsing;
using AiPlatform.McpServer.Mcp.Stdio;

namespace AiPlatform.McpServer.Console;

/// <summary>The options of serving over standard input and output.</summary>
internal sealed class StdioOptions
{
    public Option<bool> Stdio { get; } = new("--stdio") { Description = "Serve one client over standard input and output instead of listening; everything that is no protocol message goes to the standard error." };

    public Option<string> Key { get; } = new("--key") { Description = $"With --stdio: the API key of the client. Default: the variable {StdioCredentials.KeyVariable}, which no process list shows.", HelpName = "KEY" };

    public Option<string> GroupContext { get; } = new("--group-context") { Description = $"With --stdio: groups, comma separated, that the client narrows itself to, as {Auth.GroupContext.Header} does over HTTP.", HelpName = "GROUPS" };

    /// <summary>Options that would do nothing are mistakes.</summary>
    /// <param name="result">The line.</param>
    /// <param name="urls">The option of the addresses.</param>
    public void Check(CommandResult result, Option<string> urls)
    {
        if (result.GetValue(Stdio))
        {
            if (result.GetValue(urls) is not null)
            {
                result.AddError("--stdio and --urls exclude each other: over standard input and output nothing is listened on.");
            }
        }
        else if (result.GetValue(Key) is not null || result.GetValue(GroupContext) is not null)
        {
            result.AddError("--key and --group-context go with --stdio; over HTTP every request carries its own.");
        }
    }

    /// <summary>Who calls; null when no key was given.</summary>
    public StdioCredentials? Credentials(ParseResult parsed)
    {
        var key = parsed.GetValue(Key) ?? Environment.GetEnvironmentVariable(StdioCredentials.KeyVariable);
        return string.IsNullOrWhiteSpace(key) ? null : new StdioCredentials(key.Trim(), parsed.GetValue(GroupContext));
    }
}
