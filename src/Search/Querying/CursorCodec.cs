using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Querying;

/// <summary>
/// Cursors: an offset and a keyed digest over it, the scope's fingerprint and subject, the catalog's generation and the request. A cursor of
/// another scope, caller, generation or request fails like a forged one. Opaque, stable across restarts (the key is kept with the index).
/// </summary>
internal sealed class CursorCodec(byte[] key)
{
    private const int OffsetBytes = sizeof(int);
    private const int DigestBytes = 16;

    public string Encode(AccessScope scope, long generation, ProductQuery query, int offset)
    {
        Span<byte> cursor = stackalloc byte[OffsetBytes + DigestBytes];
        BinaryPrimitives.WriteInt32LittleEndian(cursor, offset);
        Digest(scope, generation, query, offset, cursor[OffsetBytes..]);
        return Base64Url.EncodeToString(cursor);
    }

    /// <summary>The offset of a cursor.</summary>
    /// <exception cref="CatalogRequestException">It is not a cursor for this scope, caller, generation and request.</exception>
    public int Decode(AccessScope scope, long generation, ProductQuery query, string cursor)
    {
        Span<byte> bytes = stackalloc byte[OffsetBytes + DigestBytes];
        Span<byte> expected = stackalloc byte[DigestBytes];
        if (cursor.Length == Base64Url.GetEncodedLength(bytes.Length)
            && Base64Url.IsValid(cursor)
            && Base64Url.DecodeFromChars(cursor, bytes) == bytes.Length)
        {
            var offset = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            Digest(scope, generation, query, offset, expected);
            if (CryptographicOperations.FixedTimeEquals(expected, bytes[OffsetBytes..]))
            {
                return offset;
            }
        }

        throw new CatalogRequestException(CatalogErrors.InvalidCursor, "cursor", "The cursor does not belong to this request, or the catalog has changed since. Leave it out to start from the first page.");
    }

    private void Digest(AccessScope scope, long generation, ProductQuery query, int offset, Span<byte> target)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{offset}|{generation}|{scope.Fingerprint}|{scope.Subject.Length}:{scope.Subject}|{query.Catalog}|{query.Sort}|{query.Mode}|{query.PageSize}|{query.Text.Length}:{query.Text}");
        foreach (var filter in query.Filters)
        {
            text.Append(CultureInfo.InvariantCulture, $"|{filter.Field.Length}:{filter.Field}|{filter.Operator}|{filter.Min}|{filter.Max}");
            foreach (var value in filter.Values)
            {
                text.Append(CultureInfo.InvariantCulture, $"|{value.Length}:{value}");
            }
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text.ToString()), hash);
        hash[..target.Length].CopyTo(target);
    }
}
