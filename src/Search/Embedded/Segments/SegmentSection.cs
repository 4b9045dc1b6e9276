namespace AiPlatform.Search.Embedded.Segments;

/// <summary>The parts of a segment file. Arrays are little-endian, one entry a product unless said otherwise; every part starts on a 64-byte boundary.</summary>
internal enum SegmentSection
{
    /// <summary>Encoded products, one after the other.</summary>
    Stored = 0,

    /// <summary>int64[products + 1] into <see cref="Stored"/>.</summary>
    StoredOffsets,

    /// <summary>UTF-8 ids.</summary>
    Ids,

    /// <summary>int32[products + 1] into <see cref="Ids"/>.</summary>
    IdOffsets,

    /// <summary>int32[products]: products in the order of their ids' bytes.</summary>
    IdOrder,

    /// <summary>Content and embedding digests, 32 bytes a product.</summary>
    Hashes,

    /// <summary>UTF-8 terms.</summary>
    Terms,

    /// <summary>int32[terms + 1] into <see cref="Terms"/>.</summary>
    TermOffsets,

    /// <summary>int32[terms]: terms in the order of their bytes.</summary>
    TermOrder,

    /// <summary>Per term and product: varint distance, field mask, varint frequency a field.</summary>
    Postings,

    /// <summary>int64[terms + 1] into <see cref="Postings"/>.</summary>
    PostingOffsets,

    /// <summary>int32[terms]: products that have the term.</summary>
    DocumentFrequencies,

    /// <summary>uint16[fields × products], field after field: tokens of the field.</summary>
    FieldLengths,

    /// <summary>Per product and field: varint count, varint term numbers in order.</summary>
    Forward,

    /// <summary>int64[products + 1] into <see cref="Forward"/>.</summary>
    ForwardOffsets,

    /// <summary>Keyword fields: name, first value, number of values.</summary>
    KeywordFields,

    /// <summary>UTF-8 normalised values, sorted within their field.</summary>
    KeywordValues,

    /// <summary>int32[values + 1] into <see cref="KeywordValues"/>.</summary>
    KeywordOffsets,

    /// <summary>Per value: varint distances of its products.</summary>
    KeywordPostings,

    /// <summary>int64[values + 1] into <see cref="KeywordPostings"/>.</summary>
    KeywordPostingOffsets,

    /// <summary>int32[values]: products that have the value.</summary>
    KeywordCounts,

    /// <summary>int32: number of the brand among the field's values, or -1.</summary>
    BrandColumn,

    /// <summary>int32: number of the class, or -1.</summary>
    ClassColumn,

    /// <summary>int32: number of the category one above the leaf (the leaf itself at the root), or -1.</summary>
    ParentColumn,

    /// <summary>int64: price in 1/10,000 of the currency, or <see cref="SegmentFormat.NoPrice"/>.</summary>
    PriceColumn,

    /// <summary>float64: rating, or NaN.</summary>
    RatingColumn,

    /// <summary>int32: number of ratings.</summary>
    RatingCountColumn,

    /// <summary>int64: release time in UTC ticks, or <see cref="long.MinValue"/>.</summary>
    ReleasedColumn,

    /// <summary>int8 vectors, one padded row a product.</summary>
    VectorCodes,

    /// <summary>float32: scale of the row, 0 for a product without a vector.</summary>
    VectorScales,

    /// <summary>Signs of the vectors, transposed in blocks of 64 rows.</summary>
    VectorSigns,

    /// <summary>Analyzer name, dimensions, counts.</summary>
    Meta,

    /// <summary>int64: the source's version of the product; empty where no product of the segment has one, and missing in files of version 1.</summary>
    Versions,

    /// <summary>Number of sections.</summary>
    Count,
}
