using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Prompts;

/// <summary>A prompt of the server, offered to callers that may read products. Stateless and thread-safe.</summary>
internal interface IMcpPrompt
{
    /// <summary>Name, texts and arguments as clients see them; the same for every caller.</summary>
    Prompt Definition { get; }

    /// <summary>The messages. Argument names have been checked against the definition.</summary>
    /// <exception cref="ToolArgumentException">An argument is wrong.</exception>
    /// <exception cref="Core.Catalog.CatalogRequestException">The catalog or a product is missing or out of sight.</exception>
    ValueTask<PromptDraft> DraftAsync(Caller caller, ToolArguments arguments, CancellationToken cancellationToken);
}
