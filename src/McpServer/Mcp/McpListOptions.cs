using System.ComponentModel.DataAnnotations;

namespace AiPlatform.McpServer.Mcp;

/// <summary>Settings of what is listed over MCP, section <c>Mcp</c> of the configuration.</summary>
internal sealed class McpListOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Mcp";

    /// <summary>Entries on one page of tools/list, prompts/list, resources/list and resources/templates/list. Default 50.</summary>
    [Range(1, 1_000)]
    public int ListPageSize { get; set; } = 50;
}
