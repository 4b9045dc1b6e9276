using System.Buffers;
using System.Buffers.Binary;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// Valid products on disk between reading and indexing, so that the embedder can learn from all of them while memory stays constant but
/// for about 40 bytes an id. The file goes with the process, however it ends. Of products with the same id only the last is read back.
/// </summary>
internal sealed class ProductSpool : IDisposable
{
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Dictionary<ContentHash, (int Ordinal, long Line)> _last = [];
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
        var window = new SpoolWindow(_file.SafeFileHandle);
        for (var ordinal = 0; ordinal < _count; ordinal++)
        {
            var spooled = Next(window);
            if (_last[Digests.Of(spooled.Product.Id)].Ordinal == ordinal)
            {
                yield return spooled;
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private static SpooledProduct Next(SpoolWindow window)
    {
        var content = window.Take(BinaryPrimitives.ReadInt32LittleEndian(window.Take(4)));
        return new SpooledProduct(ProductCodec.Read(content), Digests.Of(content));
    }
}
