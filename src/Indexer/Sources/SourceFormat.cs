namespace AiPlatform.Indexer.Sources;

/// <summary>How a source file is written.</summary>
public enum SourceFormat
{
    /// <summary>By the file's name (<c>.jsonl</c>, <c>.ndjson</c>, <c>.csv</c>, <c>.tsv</c>, each also <c>.gz</c>), otherwise by its first character.</summary>
    Auto = 0,

    /// <summary>One JSON object a line.</summary>
    Jsonl,

    /// <summary>Comma-separated values with a header line.</summary>
    Csv,
}
