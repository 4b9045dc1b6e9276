using System.Buffers.Binary;
using System.Security.Cryptography;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// The versions of products that are gone, kept with every generation: a late write of an older version must not bring one back. Bounded by age and by count; beyond
/// the count the oldest go first. Not thread-safe.
/// </summary>
internal sealed class TombstoneBook
{
    /// <summary>Name of the attachment.</summary>
    public const string Attachment = "tombstones.bin";

    /// <summary>Entries kept at most.</summary>
    public const int MaxEntries = 1_000_000;

    private const int EntryBytes = 32;
    private const int HeadBytes = 8;
    private static readonly byte[] Magic = "AIPTOMB1"u8.ToArray();
    private readonly Dictionary<ContentHash, (long Version, long Ticks)> _entries = [];

    /// <summary>Whether it differs from what was read.</summary>
    public bool IsChanged { get; private set; }

    public int Count => _entries.Count;

    /// <summary>Reads the attachment of a generation; what is older than the bound is left out.</summary>
    /// <exception cref="InvalidDataException">The content is damaged.</exception>
    public static TombstoneBook Read(byte[]? content, DateTimeOffset oldest)
    {
        var book = new TombstoneBook();
        if (content is null)
        {
            return book;
        }

        var body = content.AsSpan(0, Math.Max(0, content.Length - SHA256.HashSizeInBytes));
        if (body.Length < HeadBytes || !body[..HeadBytes].SequenceEqual(Magic) || (body.Length - HeadBytes) % EntryBytes != 0 || !SHA256.HashData(body).AsSpan().SequenceEqual(content.AsSpan(body.Length)))
        {
            throw new InvalidDataException("They are damaged.");
        }

        for (var at = HeadBytes; at < body.Length; at += EntryBytes)
        {
            var entry = body.Slice(at, EntryBytes);
            var ticks = BinaryPrimitives.ReadInt64LittleEndian(entry[24..]);
            if (ticks >= oldest.UtcTicks)
            {
                book._entries[new ContentHash(BinaryPrimitives.ReadUInt64LittleEndian(entry), BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]))] =
                    (BinaryPrimitives.ReadInt64LittleEndian(entry[16..]), ticks);
            }
        }

        return book;
    }

    /// <summary>The version at which the product was gone; 0 when that is not known.</summary>
    public long VersionOf(string id) => _entries.Count > 0 && _entries.TryGetValue(Digests.Of(id), out var entry) ? entry.Version : 0;

    /// <summary>Notes that a product is gone at a version from 1; a lower one than is known is not noted.</summary>
    public void Bury(string id, long version, DateTimeOffset now)
    {
        var key = Digests.Of(id);
        if (version <= 0 || (_entries.TryGetValue(key, out var known) && known.Version >= version))
        {
            return;
        }

        _entries[key] = (version, now.UtcTicks);
        IsChanged = true;
    }

    /// <summary>Forgets a product that is there again.</summary>
    public void Raise(string id) => IsChanged |= _entries.Count > 0 && _entries.Remove(Digests.Of(id));

    public byte[] Write()
    {
        var entries = _entries.OrderByDescending(e => e.Value.Ticks).ThenBy(e => e.Key.High).ThenBy(e => e.Key.Low).Take(MaxEntries).ToArray();
        var content = new byte[HeadBytes + (entries.Length * EntryBytes) + SHA256.HashSizeInBytes];
        Magic.CopyTo(content, 0);
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = content.AsSpan(HeadBytes + (i * EntryBytes), EntryBytes);
            BinaryPrimitives.WriteUInt64LittleEndian(entry, entries[i].Key.High);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[8..], entries[i].Key.Low);
            BinaryPrimitives.WriteInt64LittleEndian(entry[16..], entries[i].Value.Version);
            BinaryPrimitives.WriteInt64LittleEndian(entry[24..], entries[i].Value.Ticks);
        }

        SHA256.HashData(content.AsSpan(0, content.Length - SHA256.HashSizeInBytes), content.AsSpan(content.Length - SHA256.HashSizeInBytes));
        return content;
    }
}
