using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Embedded.Segments;

namespace AiPlatform.Search.Embedded.Writing;

/// <summary>The log of an abandoned build up to its last checkpoint. What comes behind that, whole or torn, never happened.</summary>
internal sealed class BuildLogReader
{
    /// <summary>Bytes of one record: longer ones are damage.</summary>
    private const int MaxRecord = 1 << 30;

    private readonly string _path;

    private BuildLogReader(string path, BuildSnapshot snapshot)
    {
        _path = path;
        Snapshot = snapshot;
    }

    /// <summary>The build when the log was started.</summary>
    public BuildSnapshot Snapshot { get; }

    /// <summary>The count of the last checkpoint.</summary>
    public long Done { get; private set; }

    /// <summary>Where the last checkpoint ends.</summary>
    public long Length { get; private set; }

    /// <summary>Opens the log; null when there is none, or none with a checkpoint.</summary>
    public static BuildLogReader? TryOpen(IIndexDirectory directory)
    {
        var path = directory.PathOf(BuildLog.FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        BuildLogReader? reader = null;
        foreach (var (kind, content, end) in Records(path))
        {
            if (reader is null)
            {
                reader = kind == BuildRecord.Snapshot && ReadSnapshot(content) is { } snapshot ? new BuildLogReader(path, snapshot) : null;
                if (reader is null)
                {
                    return null;
                }
            }
            else if (kind == BuildRecord.Checkpoint)
            {
                (reader.Done, reader.Length) = (MemoryMarshal.Read<long>(content.Span), end);
            }
        }

        return reader is { Length: > 0 } ? reader : null;
    }

    /// <summary>Says again, in order, what the build did since the snapshot.</summary>
    /// <exception cref="InvalidDataException">A record is not readable.</exception>
    public void Replay(Action<int> keep, Action<IndexedProduct> put, Action<string> delete, Action<string, string> attach)
    {
        foreach (var (kind, content, _) in Records(_path).TakeWhile(r => r.End <= Length))
        {
            switch (kind)
            {
                case BuildRecord.Keep:
                    keep((int)ReadNumber(content.Span));
                    break;
                case BuildRecord.Put:
                    put(ReadPut(content.Span));
                    break;
                case BuildRecord.Delete:
                    delete(Encoding.UTF8.GetString(content.Span));
                    break;
                case BuildRecord.Attach:
                    var (name, file) = ReadTexts(content.Span);
                    attach(name, file);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>The sound records in order; the content is valid until the next one.</summary>
    private static IEnumerable<(BuildRecord Kind, ReadOnlyMemory<byte> Content, long End)> Records(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan);
        var head = new byte[2 * sizeof(uint)];
        var content = new byte[1 << 16];
        while (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length)
        {
            var length = MemoryMarshal.Read<uint>(head);
            if (length is 0 or > MaxRecord || length > file.Length - file.Position)
            {
                yield break;
            }

            content = content.Length >= length ? content : new byte[length * 2];
            file.ReadExactly(content.AsSpan(0, (int)length));
            if (Crc32C.Append(0, content.AsSpan(0, (int)length)) != MemoryMarshal.Read<uint>(head.AsSpan(sizeof(uint))))
            {
                yield break;
            }

            yield return ((BuildRecord)content[0], content.AsMemory(1, (int)length - 1), file.Position);
        }
    }

    private static BuildSnapshot? ReadSnapshot(ReadOnlyMemory<byte> content)
    {
        try
        {
            return JsonSerializer.Deserialize(content.Span, ManifestJson.Default.BuildSnapshot);
        }
        catch (JsonException)
        {
            // Written by another version: that build is not continued.
            return null;
        }
    }

    private static unsafe uint ReadNumber(ReadOnlySpan<byte> content)
    {
        fixed (byte* start = content)
        {
            var source = start;
            return VarInt.Read(ref source);
        }
    }

    private static unsafe IndexedProduct ReadPut(ReadOnlySpan<byte> content)
    {
        var hashes = MemoryMarshal.Cast<byte, ContentHash>(content[..32]);
        var version = MemoryMarshal.Read<long>(content[32..]);
        var floats = MemoryMarshal.Read<int>(content[40..]);
        var vector = MemoryMarshal.Cast<byte, float>(content.Slice(44, floats * sizeof(float))).ToArray();
        var product = content[(44 + (floats * sizeof(float)))..];
        fixed (byte* start = product)
        {
            return new IndexedProduct(ProductCodec.Read(start, start + product.Length), hashes[0], hashes[1], vector, version);
        }
    }

    private static unsafe (string Name, string File) ReadTexts(ReadOnlySpan<byte> content)
    {
        fixed (byte* start = content)
        {
            var source = start;
            return (ReadText(ref source), ReadText(ref source));
        }
    }

    private static unsafe string ReadText(ref byte* source)
    {
        var length = (int)VarInt.Read(ref source);
        source += length;
        return Encoding.UTF8.GetString(source - length, length);
    }
}
