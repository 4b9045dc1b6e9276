using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Core.Catalog;
using Microsoft.Win32.SafeHandles;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// Vectors made by a run that has not swapped yet, on disk, so that a killed or refused run is not paid for twice: digest, floats and a check of each. Deleted behind a swap.
/// One writer; what a killed writer left torn is cut off. Memory: about 40 bytes a vector left by an earlier run.
/// </summary>
internal sealed class VectorCache : IDisposable
{
    /// <summary>Bytes of the file at most; vectors beyond are not kept.</summary>
    public const long MaxBytes = 16L << 30;

    private const int HashBytes = 16;
    private const int CheckBytes = 8;
    private readonly SafeFileHandle _file;
    private readonly byte[] _record;
    private readonly ArrayBufferWriter<byte> _unwritten = new();
    private readonly Dictionary<ContentHash, long> _found = [];
    private long _end;

    private VectorCache(SafeFileHandle file, int dimensions, long end)
    {
        _file = file;
        _record = new byte[HashBytes + (dimensions * sizeof(float)) + CheckBytes];
        _end = end;
    }

    /// <summary>Vectors that an earlier run left.</summary>
    public int Found => _found.Count;

    /// <summary>Opens the cache of a catalog; vectors of another model are thrown away.</summary>
    public static VectorCache Open(string dataDirectory, string catalog, string modelId, int dimensions)
    {
        var folder = Path.Combine(dataDirectory, "vectors");
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, catalog + ".cache");
        var head = SHA256.HashData(Encoding.UTF8.GetBytes($"AIPVECT1 {dimensions} {modelId}"));
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            var stored = new byte[head.Length];
            if (RandomAccess.Read(file, stored, 0) != head.Length || !stored.AsSpan().SequenceEqual(head))
            {
                RandomAccess.SetLength(file, 0);
                RandomAccess.Write(file, head, 0);
            }

            var cache = new VectorCache(file, dimensions, head.Length);
            cache.Index();
            return cache;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Deletes the cache of a catalog: its vectors are in a generation now.</summary>
    public static void Delete(string dataDirectory, string catalog)
    {
        try
        {
            File.Delete(Path.Combine(dataDirectory, "vectors", catalog + ".cache"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It costs room and no more: the next run goes on with it.
        }
    }

    /// <summary>The vector left by an earlier run; null when there is none. An empty one is an answer.</summary>
    public ReadOnlyMemory<float>? Find(ContentHash embedding)
    {
        if (!_found.TryGetValue(embedding, out var at))
        {
            return null;
        }

        RandomAccess.Read(_file, _record, at);
        var floats = MemoryMarshal.Cast<byte, float>(_record.AsSpan(HashBytes, _record.Length - HashBytes - CheckBytes)).ToArray();
        return Array.TrueForAll(floats, f => f == 0) ? ReadOnlyMemory<float>.Empty : floats;
    }

    /// <summary>Keeps a vector made by this run, from the next <see cref="Flush"/> on.</summary>
    public void Add(ContentHash embedding, ReadOnlySpan<float> vector)
    {
        if (_end + _unwritten.WrittenCount + _record.Length > MaxBytes)
        {
            return;
        }

        _record.AsSpan().Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(_record, embedding.High);
        BinaryPrimitives.WriteUInt64LittleEndian(_record.AsSpan(8), embedding.Low);
        MemoryMarshal.AsBytes(vector).CopyTo(_record.AsSpan(HashBytes));
        BinaryPrimitives.WriteUInt64LittleEndian(_record.AsSpan(_record.Length - CheckBytes), Check());
        _unwritten.Write(_record);
    }

    /// <summary>Writes what was added, in one piece.</summary>
    public void Flush()
    {
        RandomAccess.Write(_file, _unwritten.WrittenSpan, _end);
        _end += _unwritten.WrittenCount;
        _unwritten.ResetWrittenCount();
    }

    public void Dispose() => _file.Dispose();

    private void Index()
    {
        while (RandomAccess.Read(_file, _record, _end) == _record.Length && BinaryPrimitives.ReadUInt64LittleEndian(_record.AsSpan(_record.Length - CheckBytes)) == Check())
        {
            _found[new ContentHash(BinaryPrimitives.ReadUInt64LittleEndian(_record), BinaryPrimitives.ReadUInt64LittleEndian(_record.AsSpan(8)))] = _end;
            _end += _record.Length;
        }

        RandomAccess.SetLength(_file, _end);
    }

    private ulong Check() => Digests.Of(_record.AsSpan(0, _record.Length - CheckBytes)).High;
}
