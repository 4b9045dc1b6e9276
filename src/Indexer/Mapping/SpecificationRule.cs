using System.Collections.Immutable;

namespace AiPlatform.Indexer.Mapping;

/// <summary>Where the specifications come from.</summary>
public sealed record SpecificationRule
{
    /// <summary>A map of values or lists of values; null when there is none.</summary>
    public RowPath? From { get; init; }

    /// <summary>Cuts every text of <see cref="From"/> into values; null to take it whole.</summary>
    public string? Split { get; init; }

    /// <summary>The only keys taken from <see cref="From"/>; empty for all.</summary>
    public ImmutableHashSet<string> Include { get; init; } = [];

    /// <summary>Keys of <see cref="From"/> that are left out.</summary>
    public ImmutableHashSet<string> Exclude { get; init; } = [];

    /// <summary>New names of keys of <see cref="From"/>.</summary>
    public ImmutableDictionary<string, string> Rename { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Specifications from single places.</summary>
    public ImmutableArray<SpecificationColumn> Columns { get; init; } = [];

    /// <summary>Whether too long a value is cut instead of refusing the row. Default: no.</summary>
    public bool CutTooLong { get; init; }
}
