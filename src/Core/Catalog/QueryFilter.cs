using System.Collections.Immutable;

namespace AiPlatform.Core.Catalog;

/// <summary>A caller's own filter. It narrows what the scope already allows and can never widen it.</summary>
/// <param name="Field">Field name; canonicalised by <see cref="ProductFields.Canonical"/>. A category matches its whole subtree.</param>
/// <param name="Operator">The comparison.</param>
public sealed record QueryFilter(string Field, QueryFilterOperator Operator)
{
    /// <summary>For <see cref="QueryFilterOperator.In"/>: 1 to <see cref="CatalogLimits.FilterValues"/> values.</summary>
    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>For <see cref="QueryFilterOperator.Range"/>: the lower bound, inclusive; null for none.</summary>
    public decimal? Min { get; init; }

    /// <summary>For <see cref="QueryFilterOperator.Range"/>: the upper bound, inclusive; null for none.</summary>
    public decimal? Max { get; init; }

    /// <summary>A filter on any of the values.</summary>
    public static QueryFilter In(string field, params ImmutableArray<string> values) => new(field, QueryFilterOperator.In) { Values = values };

    /// <summary>A filter on a numeric range, bounds inclusive.</summary>
    public static QueryFilter Range(string field, decimal? min, decimal? max) => new(field, QueryFilterOperator.Range) { Min = min, Max = max };

    /// <summary>A filter on the presence of a value.</summary>
    public static QueryFilter Exists(string field) => new(field, QueryFilterOperator.Exists);
}
