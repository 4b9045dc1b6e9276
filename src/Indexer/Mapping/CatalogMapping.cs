using System.Collections.Immutable;
using AiPlatform.Indexer.Sources;

namespace AiPlatform.Indexer.Mapping;

/// <summary>How rows of a source become products. Immutable; made by <see cref="MappingReader"/>, which has checked it.</summary>
public sealed record CatalogMapping
{
    /// <summary>Its name for people, such as the file's name.</summary>
    public required string Name { get; init; }

    /// <summary>Digest of its text, hexadecimal; empty when it was not read from one.</summary>
    public string Digest { get; init; } = "";

    /// <summary>The text analyzer: <c>english</c> or <c>plain</c>. Default: english.</summary>
    public string Analyzer { get; init; } = "english";

    /// <summary>How the source is read.</summary>
    public SourceOptions Source { get; init; } = SourceOptions.Default;

    /// <summary>Where each target field comes from; fields that are missing stay empty.</summary>
    public required ImmutableDictionary<TargetField, FieldRule> Fields { get; init; }

    /// <summary>Where the specifications come from; null for none.</summary>
    public SpecificationRule? Specifications { get; init; }

    /// <summary>Where a row says how new it is; null when rows have no version.</summary>
    public VersionRule? Version { get; init; }

    /// <summary>How a row says that its product is gone; null when no row does.</summary>
    public DeletionRule? Deleted { get; init; }
}
