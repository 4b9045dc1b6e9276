namespace AiPlatform.Indexer.Sources;

/// <summary>How a source is read.</summary>
public sealed record SourceOptions
{
    /// <summary>Reads by the file's name and content.</summary>
    public static SourceOptions Default { get; } = new();

    /// <summary>The format. Default: <see cref="SourceFormat.Auto"/>.</summary>
    public SourceFormat Format { get; init; }

    /// <summary>What separates the columns of a CSV file. Default: null, which means a tab for <c>.tsv</c> and otherwise whichever of <c>, ; tab |</c> the header has most of.</summary>
    public char? Delimiter { get; init; }
}
