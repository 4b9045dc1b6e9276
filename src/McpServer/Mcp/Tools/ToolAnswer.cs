using System.Collections.Immutable;
using System.Text.Json;
using AiPlatform.McpServer.Mcp.Tasks;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>What a tool answers: the structured content as UTF-8 JSON, and its compact mirror in text.</summary>
/// <param name="Structured">One JSON object.</param>
/// <param name="Text">The mirror for clients that show text only.</param>
/// <param name="IsError">Whether the call failed.</param>
internal sealed record ToolAnswer(ReadOnlyMemory<byte> Structured, string Text, bool IsError)
{
    /// <summary>Links to the products named, for clients that know links.</summary>
    public ImmutableArray<ProductLink> Links { get; init; } = [];

    /// <summary>The stable code of a failure; null for an answer.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The task that the call became, for a client that takes tasks; null when this is the whole answer.</summary>
    public McpTask? Task { get; init; }

    public CallToolResult ToResult()
    {
        var reader = new Utf8JsonReader(Structured.Span);
        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = Text }, .. Links.Select(l => new ResourceLinkBlock { Uri = l.Uri, Name = l.Name, Title = l.Title, MimeType = ProductUri.MediaType })],
            StructuredContent = JsonElement.ParseValue(ref reader),
            IsError = IsError,
        };
    }
}
