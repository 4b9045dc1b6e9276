namespace AiPlatform.Indexer.Sources;

/// <summary>What a source is refused beyond, so that no input can take unbounded memory.</summary>
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
}
