using AiPlatform.Core.Access;
using AiPlatform.McpServer.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace AiPlatform.Clients.Tests.Conformance;

/// <summary>A tool of the product's own kind with an argument that clients mirror into a header, so that the product's check of such headers is what is tested.</summary>
internal sealed class MirroredTool : IMcpTool
{
    public Tool Definition { get; } = new()
    {
        Name = "test_custom_headers",
        Description = "Mirrors an argument into a header",
        InputSchema = ToolJson.Schema("""{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"}}}"""),
    };

    public bool IsOffered(AccessScope scope, DateTimeOffset now) => true;

    public ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new ToolAnswer("{}"u8.ToArray(), "The header agrees.", IsError: false));
}
