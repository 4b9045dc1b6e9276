using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Embedded.Segments;

namespace AiPlatform.Search.OpenSearch.Documents;

/// <summary>The product as it is answered: the stored form of the embedded engine's segments, so that both engines answer the same bytes' worth.</summary>
internal static unsafe class StoredProduct
{
    private const int Padding = 64;

    /// <summary>The bytes of a product.</summary>
    public static byte[] Write(Product product)
    {
        var buffer = default(ByteBuffer);
        ProductCodec.Write(ref buffer, product);
        return buffer.Written.ToArray();
    }

    /// <summary>The product of the bytes.</summary>
    /// <exception cref="InvalidDataException">They are not those of a product.</exception>
    public static Product Read(ReadOnlySpan<byte> bytes)
    {
        // The codec trusts its file to end with the product. What a node answers may be cut anywhere: zeros behind it read as empty fields and stay inside.
        var padded = new byte[bytes.Length + Padding];
        bytes.CopyTo(padded);
        fixed (byte* start = padded)
        {
            return ProductCodec.Read(start, start + bytes.Length);
        }
    }
}
