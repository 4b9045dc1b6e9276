using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Core.Access;
using Microsoft.Extensions.Options;
using ModelContextProtocol;

namespace AiPlatform.McpServer.Mcp;

/// <summary>
/// Cuts lists into pages. A cursor is an offset and a digest over it, the list's name, the scope's fingerprint and its subject: one of another
/// list, scope or caller fails like a damaged one. It needs no key, because all that a forged one could reach is another offset in the forger's own list;
/// without a key it holds across restarts and on every node.
/// </summary>
internal sealed class ListPages(IOptions<McpListOptions> options)
{
    private const int OffsetBytes = sizeof(int);
    private const int DigestBytes = 16;

    /// <summary>The page a cursor asks for; the first without one. <paramref name="all"/> must come in the same order every time.</summary>
    /// <param name="list">Name of the list, such as <c>tools/list</c>.</param>
    /// <param name="scope">Whose list it is.</param>
    /// <param name="all">The whole list as the scope sees it.</param>
    /// <param name="cursor">The cursor of the request.</param>
    /// <exception cref="McpProtocolException">The cursor does not belong to this list, scope and caller.</exception>
    public ListPage<T> Page<T>(string list, AccessScope scope, IReadOnlyList<T> all, string? cursor)
    {
        var start = cursor is null ? 0 : Read(list, scope, cursor);
        var end = (int)Math.Min((long)start + options.Value.ListPageSize, all.Count);
        // A list that has become shorter since simply ends.
        return new ListPage<T>([.. all.Skip(start).Take(end - start)], end < all.Count ? Write(list, scope, end) : null);
    }

    private static string Write(string list, AccessScope scope, int offset)
    {
        Span<byte> bytes = stackalloc byte[OffsetBytes + DigestBytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, offset);
        Digest(list, scope, offset, bytes[OffsetBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    private static int Read(string list, AccessScope scope, string cursor)
    {
        Span<byte> bytes = stackalloc byte[OffsetBytes + DigestBytes];
        Span<byte> expected = stackalloc byte[DigestBytes];
        if (cursor.Length == Base64Url.GetEncodedLength(bytes.Length)
            && Base64Url.IsValid(cursor)
            && Base64Url.DecodeFromChars(cursor, bytes) == bytes.Length)
        {
            var offset = BinaryPrimitives.ReadInt32LittleEndian(bytes);
            Digest(list, scope, offset, expected);
            if (offset > 0 && CryptographicOperations.FixedTimeEquals(expected, bytes[OffsetBytes..]))
            {
                return offset;
            }
        }

        throw new McpProtocolException("The cursor is not valid. Leave it out to start from the first page.", McpErrorCode.InvalidParams);
    }

    private static void Digest(string list, AccessScope scope, int offset, Span<byte> target)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var text = string.Create(CultureInfo.InvariantCulture, $"{offset}|{list.Length}:{list}|{scope.Fingerprint}|{scope.Subject}");
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        hash[..target.Length].CopyTo(target);
    }
}
