using System.Collections.Immutable;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Core.Access;

/// <summary>A data filter with its dynamic values resolved and its values normalised. Immutable.</summary>
/// <param name="Field">Canonical field name.</param>
/// <param name="Operator">The comparison.</param>
/// <param name="Values">Normalised values (<see cref="Keyword.Normalize"/>), sorted, distinct; for <c>lte</c>/<c>gte</c> empty.</param>
/// <param name="Bound">The number of <c>lte</c>/<c>gte</c>.</param>
public sealed record FieldPredicate(string Field, FilterOperator Operator, ImmutableArray<string> Values, decimal? Bound)
{
    /// <summary>Whether the product passes. A product without the field never does, nor does any product with an empty list or an unknown operator. O(values of the field · log list).</summary>
    public bool Matches(Product product)
    {
        var any = false;
        foreach (var value in ProductFields.Values(product, Field))
        {
            any = true;
            switch (Operator)
            {
                case FilterOperator.Equals or FilterOperator.In when Contains(value):
                    return true;
                case FilterOperator.NotIn when Contains(value):
                    return false;
                case FilterOperator.Lte or FilterOperator.Gte when !InBound(value):
                    return false;
                default:
                    break;
            }
        }

        return any && (Operator is FilterOperator.Lte or FilterOperator.Gte || (Operator is FilterOperator.NotIn && !Values.IsEmpty));
    }

    /// <summary>Whether a single normalised value is a number on the right side of the bound. Used by every execution of the filter.</summary>
    public bool InBound(string value) =>
        Bound is { } bound
        && SpecificationNumber.TryParse(value, out var number)
        && (Operator == FilterOperator.Lte ? number <= bound : number >= bound);

    /// <summary>Whether a single normalised value is in the list.</summary>
    public bool Contains(string value) => Values.BinarySearch(value, StringComparer.Ordinal) >= 0;
}
