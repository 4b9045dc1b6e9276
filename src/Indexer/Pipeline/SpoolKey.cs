using System.Buffers.Binary;
using System.Text;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// What a spool knows an id by: a short id as it is, which no other id can be, a longer one by its digest. It lives no longer than the spool; what is stored knows ids by
/// <see cref="Digests"/>.
/// </summary>
internal static class SpoolKey
{
    private const int LongestAsItIs = 15;
    private const ulong IsDigest = 1UL << 63;

    public static ContentHash Of(string id)
    {
        Span<byte> bytes = stackalloc byte[LongestAsItIs + 1];
        bytes.Clear();
        if (id.Length > LongestAsItIs || !Encoding.UTF8.TryGetBytes(id, bytes[..LongestAsItIs], out var length))
        {
            var digest = Digests.Of(id);
            return digest with { Low = digest.Low | IsDigest };
        }

        bytes[LongestAsItIs] = (byte)length;
        return new ContentHash(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[sizeof(ulong)..]));
    }
}
