using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Prompts;

/// <summary>The prompts, in the order clients list them; none for a caller that may not read products.</summary>
internal sealed class PromptLibrary(IEnumerable<IMcpPrompt> prompts, TimeProvider time)
{
    private readonly ImmutableArray<IMcpPrompt> _prompts = [.. prompts];

    public IReadOnlyList<Prompt> ListFor(AccessScope scope) => IsOffered(scope) ? [.. _prompts.Select(p => p.Definition)] : [];

    /// <summary>The prompt; null when there is none of the name for this caller.</summary>
    public IMcpPrompt? Find(AccessScope scope, string name) => IsOffered(scope) ? _prompts.FirstOrDefault(p => p.Definition.Name == name) : null;

    private bool IsOffered(AccessScope scope) => ProductReaders.Includes(scope, time.GetUtcNow());
}
