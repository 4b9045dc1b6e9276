using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>128-bit digests: the first half of a SHA-256, so that a crafted product cannot pass for an unchanged one.</summary>
internal static class Digests
{
    public static ContentHash Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return new ContentHash(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]));
    }

    public static ContentHash Of(string text)
    {
        const int OnStack = 1024;
        Span<byte> bytes = stackalloc byte[OnStack];
        return Encoding.UTF8.TryGetBytes(text, bytes, out var length) ? Of(bytes[..length]) : Of(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Same model and same text: same vector.</summary>
    public static ContentHash OfEmbedding(string modelId, string text) => Of($"{modelId.Length}:{modelId}{text}");
}
