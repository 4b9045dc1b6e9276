using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>
/// Tells which of a call's filter values and field names no visible product has, and which ones come nearest. Hidden values are as unknown as
/// invented ones. A call without such arguments costs nothing, a known value one look-up.
/// </summary>
internal sealed class UnknownValues(ICatalogIndex index)
{
    /// <summary>Property of an output schema, without the braces.</summary>
    public const string Schema = """
        "unknown_values": {"type": "array", "description": "Values and names of this call that no product you may see has. They match nothing: use one of the nearest.", "items": {"type": "object", "additionalProperties": false, "required": ["argument", "value", "nearest"], "properties": {
          "argument": {"type": "string"},
          "value": {"type": "string"},
          "nearest": {"type": "array", "items": {"type": "string"}, "description": "What exists, best first."}}}}
        """;

    private const int MostChecked = 40;
    private const int MostReported = 5;
    private const int ValueText = 120;

    private static readonly ImmutableArray<string> Checked = [ProductFields.Brand, ProductFields.Category, ProductFields.Region];

    private readonly NearestValues _nearest = new(index);

    /// <summary>The unknown ones among the first values of a call.</summary>
    /// <param name="scope">The caller's scope.</param>
    /// <param name="catalog">The catalog.</param>
    /// <param name="filters">The filters, as <see cref="FilterArguments"/> reads them.</param>
    /// <param name="fieldsArgument">Argument that names fields to count.</param>
    /// <param name="fields">The fields it names.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async ValueTask<ImmutableArray<UnknownValue>> FindAsync(
        AccessScope scope, string catalog, ImmutableArray<QueryFilter> filters, string fieldsArgument, ImmutableArray<FacetRequest> fields, CancellationToken cancellationToken)
    {
        if (filters.IsEmpty && fields.IsEmpty)
        {
            return [];
        }

        string? missing = null;
        var unknown = ImmutableArray.CreateBuilder<UnknownValue>();
        foreach (var (argument, field, value) in Written(filters, fieldsArgument, fields).Take(MostChecked))
        {
            if (field is not null && field == missing)
            {
                continue;
            }

            var query = new FacetValueQuery { Catalog = catalog, Field = field, Text = value, Size = 1 };
            if (await index.FindFacetValuesAsync(scope, query, cancellationToken) is not [{ Match: FacetMatch.Exact }])
            {
                // Who names a field to count may have meant one that every product has.
                var nearest = argument == fieldsArgument && FacetFields.Nearest(value) is { } meant
                    ? [meant]
                    : await _nearest.FindAsync(scope, catalog, field, value, cancellationToken);
                missing = field is null ? ProductFields.SpecificationPrefix + value : missing;
                unknown.Add(new UnknownValue(argument, value, [.. nearest]));
                if (unknown.Count == MostReported)
                {
                    break;
                }
            }
        }

        return unknown.ToImmutable();
    }

    /// <summary>The facets without those of fields that are unknown: there is nothing to count in them.</summary>
    public static IEnumerable<Facet> Known(ImmutableArray<Facet> facets, string fieldsArgument, ImmutableArray<UnknownValue> unknown) =>
        facets.Where(f => !unknown.Any(u => u.Argument == fieldsArgument && f.Field == ProductFields.SpecificationPrefix + u.Value));

    /// <summary>Writes the member <c>unknown_values</c> when there are any, and a line each to the text; at most a quarter of the room.</summary>
    public static void Write(AnswerWriter answer, ImmutableArray<UnknownValue> unknown)
    {
        if (unknown.IsEmpty)
        {
            return;
        }

        var keep = answer.Left / 4 * 3;
        answer.Json.WriteStartArray("unknown_values");
        foreach (var one in unknown)
        {
            answer.TryAdd(one, keep, Draw);
        }

        answer.Json.WriteEndArray();
    }

    /// <summary>Names before values: of an unknown specification no value is known.</summary>
    private static IEnumerable<(string Argument, string? Field, string Value)> Written(ImmutableArray<QueryFilter> filters, string fieldsArgument, ImmutableArray<FacetRequest> fields)
    {
        foreach (var filter in filters)
        {
            var argument = FilterArguments.ArgumentOf(filter.Field);
            if (filter.Field.StartsWith(ProductFields.SpecificationPrefix, StringComparison.Ordinal))
            {
                yield return (argument, null, filter.Field[ProductFields.SpecificationPrefix.Length..]);
            }
            else if (!Checked.Contains(filter.Field))
            {
                continue;
            }

            foreach (var value in filter.Values)
            {
                yield return (argument, filter.Field, value);
            }
        }

        foreach (var field in fields.Where(f => f.Field.StartsWith(ProductFields.SpecificationPrefix, StringComparison.Ordinal)))
        {
            yield return (fieldsArgument, null, field.Field[ProductFields.SpecificationPrefix.Length..]);
        }
    }

    private static void Draw(Utf8JsonWriter json, StringBuilder text, UnknownValue unknown)
    {
        var value = SafeText.Shorten(unknown.Value, ValueText);
        var nearest = unknown.Nearest.Select(n => SafeText.Shorten(n, ValueText)).ToList();
        json.WriteStartObject();
        json.WriteString("argument", unknown.Argument);
        json.WriteString("value", value);
        json.WriteStartArray("nearest");
        nearest.ForEach(json.WriteStringValue);
        json.WriteEndArray();
        json.WriteEndObject();
        text.Append("No product has '").Append(value).Append("' (").Append(unknown.Argument).Append("). ");
        if (nearest.Count > 0)
        {
            text.Append("Nearest: ").AppendJoin(", ", nearest).Append(".\n");
        }
        else
        {
            text.Append("list_facets names what there is.\n");
        }
    }
}
