using System.Text.Json;
using AiPlatform.Core.Access;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>A tool of the server. Stateless and thread-safe: everything about the caller is in the call.</summary>
internal interface IMcpTool
{
    /// <summary>Name, texts and schemas as clients see them; the same for every caller.</summary>
    Tool Definition { get; }

    /// <summary>Whether a call may take long or ask the client back. Such a call never takes the short way around the SDK, so that it can be cancelled, report progress and ask. Default false.</summary>
    bool IsLong => false;

    /// <summary>Whether an unknown catalog is answered with the names of those the caller reads: only a tool whose right is to read them may. Default false.</summary>
    bool NamesCatalogs => false;

    /// <summary>Whether the caller may use the tool; one it may not use does not exist for it.</summary>
    bool IsOffered(AccessScope scope, DateTimeOffset now);

    /// <summary>
    /// Whether the caller may make this very call, as far as that is a matter of rights: with some arguments a tool needs more of them. Default: as for the tool.
    /// Asked before the arguments are checked; what they hold wrongly is not its business.
    /// </summary>
    bool IsPermitted(AccessScope scope, JsonElement arguments, DateTimeOffset now) => IsOffered(scope, now);

    /// <summary>Answers a call whose argument names have been checked against the input schema.</summary>
    /// <exception cref="ToolArgumentException">An argument is wrong.</exception>
    ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken);
}
