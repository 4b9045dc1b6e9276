using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// Valid products and deletions on disk between reading and indexing, so that the embedder can learn from all of them while memory stays constant but
/// for about 60 bytes an id. The file goes with the process, however it ends. Of entries with the same id only the last of the highest version is read back.
/// </summary>
internal sealed class ProductSpool : IDisposable
{
    private readonly FileStream _file;
    private readonly Dictionary<ContentHash, Last> _last = [];
    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _count;

    public ProductSpool(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, Path.GetRandomFileName() + ".spool");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None,
            BufferSize = 256 * 1024,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows())
        {
            // Without a name the system frees it even when the process is killed.
            File.Delete(path);
        }
    }

    /// <summary>Products with different ids, those that are gone left out.</summary>
    public int Distinct => _last.Count - Deletions;

    /// <summary>Different ids of products that are gone.</summary>
    public int Deletions { get; private set; }

    /// <summary>Digest over everything that was added, in order, of products by the digest of their content; hexadecimal. After <see cref="Complete"/>.</summary>
    public string Digest { get; private set; } = "";

    /// <summary>Adds a product.</summary>
    public SpoolAnswer Add(Product product, long line, long version)
    {
        var record = new ArrayBufferWriter<byte>(1024);
        SpoolRecord.Write(product, version, record);
        return Add(SpoolKey.Of(product.Id), line, version, isDeletion: false, record.WrittenSpan);
    }

    /// <summary>Adds a record made by <see cref="SpoolRecord"/>, unless one of the same id has a higher version.</summary>
    /// <param name="key">The <see cref="SpoolKey"/> of the id.</param>
    /// <param name="line">The line it comes from, to be told when the id comes again.</param>
    /// <param name="version">Its version.</param>
    /// <param name="isDeletion">Whether it is a deletion.</param>
    /// <param name="record">The bytes.</param>
    public SpoolAnswer Add(ContentHash key, long line, long version, bool isDeletion, ReadOnlySpan<byte> record)
    {
        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_last, key, out var known);
        var before = last;
        if (known && version < before.Version)
        {
            return new SpoolAnswer(before.Line, IsStale: true);
        }

        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, record.Length);
        _file.Write(length);
        _file.Write(record);
        _digest.AppendData(SpoolRecord.Head(record));
        Deletions += (isDeletion ? 1 : 0) - (known && before.IsDeletion ? 1 : 0);
        last = new Last(line, version, _count++, isDeletion);
        return new SpoolAnswer(known ? before.Line : null, IsStale: false);
    }

    /// <summary>Adds an entry of another spool or a journal.</summary>
    public void Add(in SpoolEntry entry, ReadOnlySpan<byte> record) => Add(SpoolKey.Of(entry.Id), 0, entry.Version, entry.IsDeletion, record);

    /// <summary>Ends the writing.</summary>
    public void Complete()
    {
        _file.Flush();
        Digest = Convert.ToHexStringLower(_digest.GetHashAndReset());
    }

    /// <summary>What the entry of an id that is read back says; null when there is none.</summary>
    public (bool IsDeletion, long Version)? Find(string id) =>
        _last.TryGetValue(SpoolKey.Of(id), out var last) ? (last.IsDeletion, last.Version) : null;

    /// <summary>The entries in source order. Streams; may be enumerated several times after <see cref="Complete"/>. An entry is valid until the next one.</summary>
    public IEnumerable<SpoolEntry> Read() => Records().Select(SpoolRecord.Read);

    /// <summary>The same as bytes.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Records()
    {
        var window = new SpoolWindow(_file.SafeFileHandle);
        for (var ordinal = 0; ordinal < _count; ordinal++)
        {
            var record = window.Take(BinaryPrimitives.ReadInt32LittleEndian(window.Take(sizeof(int)).Span));
            if (_last.Count == _count || _last[SpoolRecord.KeyOf(record.Span)].Ordinal == ordinal)
            {
                yield return record;
            }
        }
    }

    public void Dispose()
    {
        _digest.Dispose();
        try
        {
            _file.Dispose();
        }
        catch (IOException)
        {
            // A full disk: what could not be flushed is not needed any more.
        }
    }

    private readonly record struct Last(long Line, long Version, int Ordinal, bool IsDeletion);
}
