using System.Buffers;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.OpenSearch.Documents;

/// <summary>
/// Executes a scope's filter as a bool query: the same rule as <see cref="ProductFilter.IsVisible"/> and as the embedded engine's bitmap; a property test
/// compares the three. It stands inside every leg, count, facet, suggestion and look-up; nothing is filtered after the node answered.
/// </summary>
internal static class ScopeFilter
{
    /// <summary>The query as JSON.</summary>
    public static byte[] Of(ProductFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, filter);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, ProductFilter filter)
    {
        if (filter.SeesEverything)
        {
            json.MatchAll();
            return;
        }

        var branches = filter.Branches.Where(b => !b.Never).ToList();
        if (branches.Count == 0)
        {
            json.MatchNone();
            return;
        }

        json.StartBool();
        json.WriteStartArray("should");
        branches.ForEach(b => WriteBranch(json, b));
        json.WriteEndArray();
        json.WriteNumber("minimum_should_match", 1);
        json.WritePropertyName("must_not");
        if (filter.Region is { } region)
        {
            json.Term(FieldTerm.Of(ProductFields.RestrictedRegions, region));
        }
        else
        {
            // A caller of unknown region is refused by any restriction, also by one that names no region.
            json.True(IndexFields.Restricted);
        }

        json.EndBool();
    }

    private static void WriteBranch(Utf8JsonWriter json, FilterBranch branch)
    {
        json.StartBool();
        json.WriteStartArray("filter");
        json.Between(IndexFields.AccessLevel, (int)DataAccessLevel.Public, Math.Min((int)branch.Level, (int)DataAccessLevel.Confidential));
        json.Terms(IndexFields.AllowedGroups, [FieldTerm.Bounded(GroupPolicy.Everyone), FieldTerm.Bounded(Keyword.Normalize(branch.GroupId))]);
        foreach (var predicate in branch.Predicates)
        {
            WritePredicate(json, predicate);
        }

        json.WriteEndArray();
        json.EndBool();
    }

    private static void WritePredicate(Utf8JsonWriter json, FieldPredicate predicate)
    {
        switch (predicate.Operator)
        {
            case FilterOperator.Equals or FilterOperator.In when !predicate.Values.IsDefaultOrEmpty:
                json.AnyOf(predicate.Field, predicate.Values);
                break;
            case FilterOperator.NotIn when !predicate.Values.IsDefaultOrEmpty:
                json.ExistsBut(predicate.Field, but => but.AnyOf(predicate.Field, predicate.Values));
                break;
            case FilterOperator.Lte when predicate.Bound is { } most:
                json.ExistsBut(
                    predicate.Field,
                    but => but.Term(new FieldTerm(IndexFields.Numbers, NumberTerm.NotANumber(predicate.Field))),
                    but => but.NumbersIn(NumberTerm.Of(predicate.Field, most), false, NumberTerm.Highest(predicate.Field)));
                break;
            case FilterOperator.Gte when predicate.Bound is { } least:
                json.ExistsBut(
                    predicate.Field,
                    but => but.Term(new FieldTerm(IndexFields.Numbers, NumberTerm.NotANumber(predicate.Field))),
                    but => but.NumbersIn(NumberTerm.Lowest(predicate.Field), true, NumberTerm.Of(predicate.Field, least)));
                break;
            default:
                json.MatchNone();
                break;
        }
    }
}
