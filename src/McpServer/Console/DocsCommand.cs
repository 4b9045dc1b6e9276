using System.CommandLine;
using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.Mcp.Tools.Documentation;

namespace AiPlatform.McpServer.Console;

/// <summary><c>docs tools</c>: prints the guide to the tools as the repository keeps it. For who changes a tool; not listed in the help.</summary>
internal static class DocsCommand
{
    /// <param name="open">Opens the platform; disposed of by the caller.</param>
    public static Command Create(Func<IServiceProvider> open)
    {
        var tools = new Command("tools", "Prints docs/tools.md, written from the tools themselves.");
        tools.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(ToolDocs.Markdown(open().GetServices<IMcpTool>())));
        return new Command("docs", "Prints the parts of the documentation that the server writes itself.") { Hidden = true, Subcommands = { tools } };
    }
}
