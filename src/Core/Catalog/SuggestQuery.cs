namespace AiPlatform.Core.Catalog;

/// <summary>A question for completions of what a person is typing.</summary>
public sealed record SuggestQuery
{
    /// <summary>The catalog.</summary>
    public required string Catalog { get; init; }

    /// <summary>What has been typed.</summary>
    public required string Prefix { get; init; }

    /// <summary>How many, 1 to <see cref="CatalogLimits.Suggestions"/>. Default 8.</summary>
    public int Size { get; init; } = 8;
}
