using System.IO.MemoryMappedFiles;
using System.Text;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Embedded.Vectors;

namespace AiPlatform.Search.Embedded.Segments;

/// <summary>
/// A memory-mapped segment. Opening reads the section table and the sections that are followed as pointers (some 60 bytes a product), against
/// their checksums; other pages come in as they are touched, and reads of them stay inside their product's bounds. Thread-safe. After
/// <see cref="Dispose"/> no pointer or span of it may be used: <see cref="CatalogGeneration"/> counts its readers.
/// </summary>
internal sealed unsafe class SegmentReader : IDisposable
{
    private const int FooterBytes = sizeof(long) + sizeof(int) + sizeof(uint) + sizeof(ulong);
    private const int EntryBytes = sizeof(long) + sizeof(long) + sizeof(uint);
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _base;
    private readonly long[] _offsets = new long[(int)SegmentSection.Count];
    private readonly long[] _lengths = new long[(int)SegmentSection.Count];
    private readonly uint[] _checksums = new uint[(int)SegmentSection.Count];
    private readonly Dictionary<string, KeywordField> _keywordFields = new(StringComparer.Ordinal);

    /// <summary>Maps a segment file.</summary>
    /// <exception cref="InvalidDataException">The file is no segment of this version, is cut short, or its table fails its checksum.</exception>
    public SegmentReader(string path)
    {
        Name = Path.GetFileName(path);
        Bytes = new FileInfo(path).Length;
        if (Bytes < SegmentFormat.Alignment + FooterBytes)
        {
            throw new InvalidDataException($"{Name}: the file is cut short.");
        }

        _map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _base);
        try
        {
            ReadTable();
            (Analyzer, Dimensions, Count, TermCount, KeywordCount) = ReadMeta();
            ReadKeywordFields();
            CheckFollowed();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Name { get; }

    public long Bytes { get; }

    public string Analyzer { get; }

    public int Dimensions { get; }

    /// <summary>Products, deleted ones included.</summary>
    public int Count { get; }

    public int TermCount { get; }

    public int KeywordCount { get; }

    public IReadOnlyDictionary<string, KeywordField> KeywordFields => _keywordFields;

    public ReadOnlySpan<int> Brands => Column<int>(SegmentSection.BrandColumn);

    public ReadOnlySpan<int> Classes => Column<int>(SegmentSection.ClassColumn);

    public ReadOnlySpan<int> Parents => Column<int>(SegmentSection.ParentColumn);

    public ReadOnlySpan<long> Prices => Column<long>(SegmentSection.PriceColumn);

    public ReadOnlySpan<double> Ratings => Column<double>(SegmentSection.RatingColumn);

    public ReadOnlySpan<int> RatingCounts => Column<int>(SegmentSection.RatingCountColumn);

    public ReadOnlySpan<long> Released => Column<long>(SegmentSection.ReleasedColumn);

    /// <summary>Products in the order of their ids' bytes.</summary>
    public ReadOnlySpan<int> IdOrder => Column<int>(SegmentSection.IdOrder);

    /// <summary>Token counts of a field, one a product.</summary>
    public ReadOnlySpan<ushort> Lengths(TextField field) => new((ushort*)At(SegmentSection.FieldLengths) + ((long)field * Count), Count);

    public ReadOnlySpan<byte> IdBytes(int product)
    {
        var offsets = (int*)At(SegmentSection.IdOffsets);
        return new ReadOnlySpan<byte>(At(SegmentSection.Ids) + offsets[product], offsets[product + 1] - offsets[product]);
    }

    public string Id(int product) => Encoding.UTF8.GetString(IdBytes(product));

    /// <summary>Position in <see cref="IdOrder"/> of the first product whose id is not below the given one. Products of one id (all but one of them dead) stand side by side. O(log products).</summary>
    public int FirstAtOrAbove(ReadOnlySpan<byte> id)
    {
        var order = IdOrder;
        int low = 0, high = order.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (IdBytes(order[middle]).SequenceCompareTo(id) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <exception cref="InvalidDataException">The stored product is damaged.</exception>
    public Product Product(int product)
    {
        if ((uint)product >= (uint)Count)
        {
            throw new InvalidDataException($"{Name}: a list names product {product} of {Count}.");
        }

        var offsets = (long*)At(SegmentSection.StoredOffsets);
        return ProductCodec.Read(At(SegmentSection.Stored) + offsets[product], At(SegmentSection.Stored) + offsets[product + 1]);
    }

    /// <summary>Bytes of the stored product.</summary>
    public long StoredBytes(int product)
    {
        var offsets = (long*)At(SegmentSection.StoredOffsets);
        return offsets[product + 1] - offsets[product];
    }

    public (ContentHash Content, ContentHash Embedding) Hashes(int product)
    {
        var hashes = (ContentHash*)At(SegmentSection.Hashes);
        return (hashes[product * 2L], hashes[(product * 2L) + 1]);
    }

    /// <summary>The source's version of the product; 0 for none, and in files older than the section.</summary>
    public long Version(int product) => _lengths[(int)SegmentSection.Versions] == 0 ? 0 : ((long*)At(SegmentSection.Versions))[product];

    public ReadOnlySpan<byte> TermBytes(int term)
    {
        var offsets = (int*)At(SegmentSection.TermOffsets);
        return new ReadOnlySpan<byte>(At(SegmentSection.Terms) + offsets[term], offsets[term + 1] - offsets[term]);
    }

    /// <summary>Terms in the order of their bytes.</summary>
    public ReadOnlySpan<int> TermOrder => Column<int>(SegmentSection.TermOrder);

    /// <summary>The number of a term, or -1. O(log terms).</summary>
    public int FindTerm(ReadOnlySpan<byte> term)
    {
        var at = new SortedTexts(this, null).LowerBound(term);
        return at < TermCount && TermBytes(TermOrder[at]).SequenceEqual(term) ? TermOrder[at] : -1;
    }

    public int DocumentFrequency(int term) => ((int*)At(SegmentSection.DocumentFrequencies))[term];

    /// <summary>Start of a term's postings; <see cref="DocumentFrequency"/> entries follow.</summary>
    public byte* Postings(int term) => At(SegmentSection.Postings) + ((long*)At(SegmentSection.PostingOffsets))[term];

    /// <summary>Start of a product's term sequence: per field a count and the terms.</summary>
    public byte* Forward(int product) => At(SegmentSection.Forward) + ((long*)At(SegmentSection.ForwardOffsets))[product];

    /// <summary>Where a product's term sequence ends.</summary>
    public byte* ForwardEnd(int product) => Forward(product + 1);

    public ReadOnlySpan<byte> KeywordBytes(int value)
    {
        var offsets = (int*)At(SegmentSection.KeywordOffsets);
        return new ReadOnlySpan<byte>(At(SegmentSection.KeywordValues) + offsets[value], offsets[value + 1] - offsets[value]);
    }

    public string Keyword(int value) => Encoding.UTF8.GetString(KeywordBytes(value));

    public int KeywordProducts(int value) => ((int*)At(SegmentSection.KeywordCounts))[value];

    /// <summary>Start of a keyword value's products; <see cref="KeywordProducts"/> distances follow.</summary>
    public byte* KeywordPostings(int value) => At(SegmentSection.KeywordPostings) + ((long*)At(SegmentSection.KeywordPostingOffsets))[value];

    /// <summary>The number of a field's value, or -1. O(log values).</summary>
    public int FindKeyword(string field, ReadOnlySpan<byte> value)
    {
        if (!_keywordFields.TryGetValue(field, out var range))
        {
            return -1;
        }

        var at = LowerBound(range, value);
        return at < range.End && KeywordBytes(at).SequenceEqual(value) ? at : -1;
    }

    /// <summary>The first value of the field not below the given bytes. O(log values).</summary>
    public int LowerBound(KeywordField range, ReadOnlySpan<byte> value) => range.First + new SortedTexts(this, range).LowerBound(value);

    public ReadOnlySpan<sbyte> VectorCodes(int product) =>
        new((sbyte*)At(SegmentSection.VectorCodes) + ((long)product * VectorLayout.Stride(Dimensions)), VectorLayout.Stride(Dimensions));

    public float VectorScale(int product) => ((float*)At(SegmentSection.VectorScales))[product];

    public VectorBlock Vectors(int firstOrdinal) => new(
        (sbyte*)At(SegmentSection.VectorCodes), (float*)At(SegmentSection.VectorScales), At(SegmentSection.VectorSigns), Count, firstOrdinal);

    /// <summary>Reads the whole file against its checksums; answers the sections that fail.</summary>
    public IEnumerable<SegmentSection> Verify(CancellationToken cancellationToken)
    {
        for (var section = (SegmentSection)0; section < SegmentSection.Count; section++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Checksum(section) != _checksums[(int)section])
            {
                yield return section;
            }
        }
    }

    public void Dispose()
    {
        if (_base is not null)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        _view.Dispose();
        _map.Dispose();
    }

    private uint Checksum(SegmentSection section)
    {
        const int Piece = 1 << 20;
        uint crc = 0;
        for (long done = 0; done < _lengths[(int)section]; done += Piece)
        {
            crc = Crc32C.Append(crc, new ReadOnlySpan<byte>(At(section) + done, (int)Math.Min(Piece, _lengths[(int)section] - done)));
        }

        return crc;
    }

    private byte* At(SegmentSection section) => _base + _offsets[(int)section];

    private ReadOnlySpan<T> Column<T>(SegmentSection section)
        where T : unmanaged => new(At(section), (int)(_lengths[(int)section] / sizeof(T)));

    private void ReadTable()
    {
        var footer = _base + Bytes - FooterBytes;
        var tableAt = *(long*)footer;
        var tableLength = *(int*)(footer + 8);
        var tableChecksum = *(uint*)(footer + 12);
        if (*(ulong*)_base != SegmentFormat.Magic || *(ulong*)(footer + 16) != SegmentFormat.Magic)
        {
            throw new InvalidDataException($"{Name}: not a segment file, or cut short.");
        }

        var version = *(int*)(_base + 8);
        if (version is < SegmentFormat.OldestVersion or > SegmentFormat.Version)
        {
            throw new InvalidDataException($"{Name}: segment version {version} is not {SegmentFormat.OldestVersion} to {SegmentFormat.Version}. Index the catalog again.");
        }

        var sections = SegmentFormat.Sections(version);
        if (tableAt < 0 || tableLength != EntryBytes * sections || tableAt + tableLength + FooterBytes != Bytes
            || Crc32C.Append(0, new ReadOnlySpan<byte>(_base + tableAt, tableLength)) != tableChecksum)
        {
            throw new InvalidDataException($"{Name}: the section table is damaged.");
        }

        for (var i = 0; i < sections; i++)
        {
            var entry = _base + tableAt + (i * EntryBytes);
            _offsets[i] = *(long*)entry;
            _lengths[i] = *(long*)(entry + 8);
            _checksums[i] = *(uint*)(entry + 16);
            if (_offsets[i] < 0 || _lengths[i] < 0 || _offsets[i] + _lengths[i] > tableAt)
            {
                throw new InvalidDataException($"{Name}: section {(SegmentSection)i} lies outside the file.");
            }
        }
    }

    private (string Analyzer, int Dimensions, int Count, int Terms, int Keywords) ReadMeta()
    {
        var source = At(SegmentSection.Meta);
        if (Checksum(SegmentSection.Meta) != _checksums[(int)SegmentSection.Meta] || _lengths[(int)SegmentSection.Meta] == 0)
        {
            throw new InvalidDataException($"{Name}: the description of the segment is damaged.");
        }

        var length = (int)VarInt.Read(ref source);
        var analyzer = Encoding.UTF8.GetString(source, length);
        source += length;
        return (analyzer, (int)VarInt.Read(ref source), (int)VarInt.Read(ref source), (int)VarInt.Read(ref source), (int)VarInt.Read(ref source));
    }

    /// <summary>
    /// Offsets, orders, counts and columns are followed without looking, and the keyword index decides who sees what: damage in them is
    /// refused here. O(their bytes), some .3 s a million products.
    /// </summary>
    private void CheckFollowed()
    {
        ReadOnlySpan<SegmentSection> followed =
        [
            SegmentSection.StoredOffsets, SegmentSection.IdOffsets, SegmentSection.IdOrder, SegmentSection.TermOffsets, SegmentSection.TermOrder,
            SegmentSection.PostingOffsets, SegmentSection.DocumentFrequencies, SegmentSection.ForwardOffsets, SegmentSection.KeywordOffsets,
            SegmentSection.KeywordPostingOffsets, SegmentSection.KeywordCounts, SegmentSection.BrandColumn, SegmentSection.ClassColumn, SegmentSection.ParentColumn,
            SegmentSection.KeywordValues, SegmentSection.KeywordPostings, SegmentSection.Ids, SegmentSection.PriceColumn, SegmentSection.RatingColumn,
            SegmentSection.Versions,
        ];
        foreach (var section in followed)
        {
            if (Checksum(section) != _checksums[(int)section])
            {
                throw new InvalidDataException($"{Name}: section {section} fails its checksum.");
            }
        }

        if (_lengths[(int)SegmentSection.Versions] is var bytes && bytes != 0 && bytes != sizeof(long) * (long)Count)
        {
            throw new InvalidDataException($"{Name}: section {SegmentSection.Versions} has {bytes} bytes for {Count} products.");
        }
    }

    private void ReadKeywordFields()
    {
        if (Checksum(SegmentSection.KeywordFields) != _checksums[(int)SegmentSection.KeywordFields])
        {
            throw new InvalidDataException($"{Name}: the list of keyword fields is damaged.");
        }

        var source = At(SegmentSection.KeywordFields);
        var count = VarInt.Read(ref source);
        for (var i = 0; i < count; i++)
        {
            var length = (int)VarInt.Read(ref source);
            var name = Encoding.UTF8.GetString(source, length);
            source += length;
            var first = (int)VarInt.Read(ref source);
            _keywordFields.Add(name, new KeywordField(first, first + (int)VarInt.Read(ref source)));
        }
    }
}
