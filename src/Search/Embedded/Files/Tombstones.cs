using System.Runtime.InteropServices;

namespace AiPlatform.Search.Embedded.Files;

/// <summary>The deleted products of a segment in one generation: a bitmap and its checksum.</summary>
internal static class Tombstones
{
    public static void Write(IIndexDirectory directory, string name, ReadOnlySpan<ulong> deleted)
    {
        var bytes = MemoryMarshal.AsBytes(deleted);
        using (var stream = directory.Create(name))
        {
            stream.Write(bytes);
            var checksum = Crc32C.Append(0, bytes);
            stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in checksum)));
            stream.Flush();
        }

        directory.Sync(name);
    }

    /// <exception cref="InvalidDataException">The file is missing or damaged.</exception>
    public static ulong[] Read(IIndexDirectory directory, string name, int count)
    {
        var words = new ulong[Bits.Words(count)];
        var bytes = MemoryMarshal.AsBytes(words.AsSpan());
        if (directory.Read(name) is not { } stored || stored.Length != bytes.Length + sizeof(uint))
        {
            throw new InvalidDataException($"{name}: the tombstones are missing or cut short.");
        }

        stored.AsSpan(0, bytes.Length).CopyTo(bytes);
        return Crc32C.Append(0, bytes) == MemoryMarshal.Read<uint>(stored.AsSpan(bytes.Length))
            ? words
            : throw new InvalidDataException($"{name}: the tombstones are damaged.");
    }
}
