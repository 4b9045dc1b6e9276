using System.Collections.Immutable;

namespace AiPlatform.Indexer.Mapping;

/// <summary>Names and shapes of the target fields.</summary>
internal static class TargetFields
{
    /// <summary>Target fields by the name they have in a mapping file.</summary>
    public static ImmutableSortedDictionary<string, TargetField> ByName { get; } =
        Enum.GetValues<TargetField>().ToImmutableSortedDictionary(Name, f => f, StringComparer.Ordinal);

    /// <summary>Fields without which no product can be made.</summary>
    public static ImmutableArray<TargetField> Required { get; } = [TargetField.Id, TargetField.Name, TargetField.AccessLevel, TargetField.AllowedGroups];

    /// <summary>The name in a mapping file, in problems and dead letters: <c>categoryPath</c>.</summary>
    public static string Name(TargetField field)
    {
        var name = field.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>Whether the field holds a list.</summary>
    public static bool IsList(TargetField field) =>
        field is TargetField.CategoryPath or TargetField.Regions or TargetField.AllowedGroups or TargetField.RestrictedRegions;

    /// <summary>Whether the field holds a number.</summary>
    public static bool IsNumber(TargetField field) => field is TargetField.Price or TargetField.Rating or TargetField.RatingCount;

    /// <summary>Whether too long a text of the field may be cut.</summary>
    public static bool CanCut(TargetField field) => field is TargetField.Name or TargetField.Description;
}
