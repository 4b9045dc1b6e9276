using System.Buffers;
using Microsoft.Extensions.ObjectPool;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Buffers that answers are written in, used again: an answer costs one array of its size, not the doublings on the way to it. Thread-safe.</summary>
internal static class JsonBuffers
{
    private static readonly ObjectPool<ArrayBufferWriter<byte>> Pool = new DefaultObjectPool<ArrayBufferWriter<byte>>(new Policy(), maximumRetained: 64);

    public static ArrayBufferWriter<byte> Rent() => Pool.Get();

    public static void Return(ArrayBufferWriter<byte> buffer) => Pool.Return(buffer);

    private sealed class Policy : PooledObjectPolicy<ArrayBufferWriter<byte>>
    {
        private const int FirstBytes = 16 * 1_024;
        private const int LargestKept = 256 * 1_024;

        public override ArrayBufferWriter<byte> Create() => new(FirstBytes);

        public override bool Return(ArrayBufferWriter<byte> buffer)
        {
            buffer.ResetWrittenCount();
            return buffer.Capacity <= LargestKept;
        }
    }
}
