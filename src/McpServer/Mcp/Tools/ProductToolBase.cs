using AiPlatform.Core.Access;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>A tool that reads products: offered to callers that may read them.</summary>
internal abstract class ProductToolBase : IMcpTool
{
    public abstract Tool Definition { get; }

    public bool NamesCatalogs => true;

    public bool IsOffered(AccessScope scope, DateTimeOffset now) => ProductReaders.Includes(scope, now);

    public abstract ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken);
}
