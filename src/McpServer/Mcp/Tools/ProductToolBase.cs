using AiPlatform.Core.Access;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>A tool that reads products: offered to callers that may read them.</summary>
internal abstract class ProductToolBase : IMcpTool
{
    public abstract Tool Definition { get; }

    public bool IsOffered(AccessScope scope, DateTimeOffset now) => ProductReaders.Includes(scope, now);

    public abstract ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken);

    protected static Tool Define(string name, string title, string description, string inputSchema, string outputSchema) => new()
    {
        Name = name,
        Title = title,
        Description = description,
        InputSchema = ToolJson.Schema(inputSchema),
        OutputSchema = ToolJson.Schema(outputSchema),
        Annotations = new ToolAnnotations
        {
            Title = title,
            ReadOnlyHint = true,
            DestructiveHint = false,
            IdempotentHint = true,
            OpenWorldHint = false,
        },
    };
}
