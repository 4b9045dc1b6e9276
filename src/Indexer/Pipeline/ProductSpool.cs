using System.Buffers;
using System.Buffers.Binary;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// Valid products on disk between reading and indexing, so that the embedder can learn from all of them while memory stays constant but
/// for about 40 bytes an id. The file is removed when the spool is disposed. Of products with the same id only the last is read back.
/// </summary>
internal sealed class ProductSpool : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Dictionary<ContentHash, (int Ordinal, long Line)> _last = [];
    private int _count;

    public ProductSpool(string directory)
    {
        Directory.CreateDirectory(directory);
        _path = Path.Combine(directory, Path.GetRandomFileName() + ".spool");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read | FileShare.Delete,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 256 * 1024,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _file = new FileStream(_path, options);
    }

    /// <summary>Products with different ids.</summary>
    public int Distinct => _last.Count;

    /// <summary>Adds a product. Answers the line of the earlier product it replaces; null when its id is new.</summary>
    public long? Add(Product product, long line)
    {
        _buffer.ResetWrittenCount();
        ProductCodec.Write(product, _buffer);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, _buffer.WrittenCount);
        _file.Write(length);
        _file.Write(_buffer.WrittenSpan);
        var id = Digests.Of(product.Id);
        long? replaced = _last.TryGetValue(id, out var before) ? before.Line : null;
        _last[id] = (_count++, line);
        return replaced;
    }

    /// <summary>Ends the writing.</summary>
    public void Complete() => _file.Flush();

    /// <summary>The products in source order. Streams; may be enumerated several times after <see cref="Complete"/>.</summary>
    public IEnumerable<SpooledProduct> Read()
    {
        using var file = new FileStream(_path, new FileStreamOptions
        {
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.SequentialScan,
            BufferSize = 256 * 1024,
        });
        var buffer = new byte[4096];
        for (var ordinal = 0; ordinal < _count; ordinal++)
        {
            file.ReadExactly(buffer, 0, 4);
            var length = BinaryPrimitives.ReadInt32LittleEndian(buffer);
            if (length > buffer.Length)
            {
                buffer = new byte[length * 2];
            }

            file.ReadExactly(buffer, 0, length);
            var product = ProductCodec.Read(buffer.AsSpan(0, length));
            if (_last[Digests.Of(product.Id)].Ordinal == ordinal)
            {
                yield return new SpooledProduct(product, Digests.Of(buffer.AsSpan(0, length)));
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
