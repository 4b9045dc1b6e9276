using System.Text;
using Microsoft.Extensions.ObjectPool;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Builders that the text of answers is put together in, used again. Thread-safe.</summary>
internal static class TextBuffers
{
    private static readonly ObjectPool<StringBuilder> Pool = new DefaultObjectPool<StringBuilder>(
        new StringBuilderPooledObjectPolicy { InitialCapacity = 8 * 1_024, MaximumRetainedCapacity = 64 * 1_024 }, maximumRetained: 64);

    public static StringBuilder Rent() => Pool.Get();

    public static void Return(StringBuilder text) => Pool.Return(text);
}
