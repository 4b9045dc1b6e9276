namespace AiPlatform.Indexer.Sources;

/// <summary>What a source is refused beyond, so that no input can take unbounded memory or time.</summary>
public static class SourceLimits
{
    /// <summary>Bytes of one line (JSONL) or one record (CSV): 1 MiB.</summary>
    public const int RowBytes = 1 << 20;

    /// <summary>Nesting of one JSON row.</summary>
    public const int Depth = 32;

    /// <summary>Columns of a CSV file.</summary>
    public const int Columns = 2_000;

    /// <summary>Characters of a raw row that are kept for the dead-letter file.</summary>
    public const int RawCharacters = 4 * 1024;

    /// <summary>Files of one source (a folder, an S3 prefix).</summary>
    public const int Files = 10_000;

    /// <summary>Characters of a location.</summary>
    public const int LocationCharacters = 4_096;

    /// <summary>How many times its stored size a file may unpack to, beyond <see cref="UnpackedFree"/>: rows compress by some tens, a bomb by a thousand.</summary>
    public const int UnpackRatio = 250;

    /// <summary>Bytes a file may unpack to whatever its stored size: 64 MiB.</summary>
    public const long UnpackedFree = 64L << 20;
}
