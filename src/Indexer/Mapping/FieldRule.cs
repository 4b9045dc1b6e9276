using System.Collections.Immutable;

namespace AiPlatform.Indexer.Mapping;

/// <summary>Where a target field comes from. Either <see cref="Constant"/> or <see cref="Paths"/> is set.</summary>
public sealed record FieldRule
{
    /// <summary>Where to look in the row; the first path that holds something wins.</summary>
    public ImmutableArray<RowPath> Paths { get; init; } = [];

    /// <summary>The value of every row; null when it comes from the row. An empty list is a value.</summary>
    public ImmutableArray<string>? Constant { get; init; }

    /// <summary>The value of a row that holds nothing; null when there is none.</summary>
    public ImmutableArray<string>? Default { get; init; }

    /// <summary>The field is taken only from rows where this path holds something other than nothing, zero and false; null for every row.</summary>
    public RowPath? When { get; init; }

    /// <summary>Cuts a text into list items; null to take it whole.</summary>
    public string? Split { get; init; }

    /// <summary>How numbers are written. Default: a decimal point.</summary>
    public NumberNotation Notation { get; init; }

    /// <summary>The format of a date (.NET custom format, or <c>unix_seconds</c>, <c>unix_milliseconds</c>); null for ISO 8601.</summary>
    public string? DateFormat { get; init; }

    /// <summary>Values to replace, compared without case.</summary>
    public ImmutableDictionary<string, string> Values { get; init; } = ImmutableDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether too long a text is cut instead of refusing the row. Default: no.</summary>
    public bool CutTooLong { get; init; }
}
