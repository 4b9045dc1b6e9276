using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Validation;

namespace AiPlatform.Indexer.Mapping;

/// <summary>Reads the target fields of one row by their rules, which stand at the number of their field.</summary>
internal readonly ref struct FieldReader(FieldRule?[] rules, RowNode row, List<RowProblem> problems)
{
    /// <summary>The id as it stands, only trimmed: an id is not repaired.</summary>
    public string Id() => Single(TargetField.Id, raw: true) ?? "";

    public string Text(TargetField field, int limit = int.MaxValue)
    {
        if (Single(field, raw: true) is not { } text)
        {
            return "";
        }

        var clean = field == TargetField.Description ? TextSanitizer.Block(text) : TextSanitizer.Line(text);
        return clean.Length > limit && RuleOf(field).CutTooLong ? SpecificationReader.Cut(clean, limit) : clean;
    }

    public ImmutableArray<string> List(TargetField field) =>
        Values(field) is not { } values ? []
        : values.All(v => v.Length > 0 && ReferenceEquals(TextSanitizer.Line(v), v)) ? values
        : [.. values.Select(TextSanitizer.Line).Where(v => v.Length > 0)];

    public ImmutableArray<string> Keywords(TargetField field)
    {
        var list = List(field);
        if (AreKeywords(list))
        {
            return list;
        }

        string[] keywords = [.. list];
        for (var i = 0; i < keywords.Length; i++)
        {
            keywords[i] = Keyword.Normalize(keywords[i]);
        }

        Array.Sort(keywords, StringComparer.Ordinal);
        return [.. keywords.Where((k, i) => i == 0 || k != keywords[i - 1])];
    }

    public ImmutableArray<string> AllowedGroups()
    {
        if (Values(TargetField.AllowedGroups) is null)
        {
            problems.Add(new RowProblem("allowedGroups", "allowed_groups_missing", "The row does not say who may see the product, and the mapping has no default."));
        }

        return Keywords(TargetField.AllowedGroups);
    }

    public DataAccessLevel AccessLevel()
    {
        var text = Single(TargetField.AccessLevel);
        if (text is null)
        {
            problems.Add(new RowProblem("accessLevel", "access_level_missing", "The row does not say how sensitive the product is, and the mapping has no default."));
            return DataAccessLevel.Confidential;
        }

        if (!FieldValues.TryAccessLevel(text, out var level))
        {
            problems.Add(new RowProblem("accessLevel", "unknown_access_level", $"'{Shorten(text)}' is none of public, internal, confidential."));
        }

        return level;
    }

    public Availability Availability()
    {
        if (Single(TargetField.Availability) is not { } text)
        {
            return Core.Catalog.Availability.Unknown;
        }

        if (!FieldValues.TryAvailability(text, out var availability))
        {
            problems.Add(new RowProblem("availability", "unknown_availability", $"'{Shorten(text)}' is none of in_stock, low_stock, preorder, out_of_stock, discontinued. Map it under values."));
        }

        return availability;
    }

    public decimal? Decimal(TargetField field)
    {
        if (Single(field) is not { } text)
        {
            return null;
        }

        if (FieldValues.TryDecimal(text, RuleOf(field).Notation, out var number))
        {
            return number;
        }

        problems.Add(new RowProblem(TargetFields.Name(field), "not_a_number", $"'{Shorten(text)}' is not a number as the mapping expects it ({FieldSection.NameOf(RuleOf(field).Notation)})."));
        return null;
    }

    public int Integer(TargetField field)
    {
        if (Decimal(field) is not { } number)
        {
            return 0;
        }

        if (number == decimal.Truncate(number) && number is >= int.MinValue and <= int.MaxValue)
        {
            return (int)number;
        }

        problems.Add(new RowProblem(TargetFields.Name(field), "not_a_whole_number", $"{number} is not a whole number of 32 bits."));
        return 0;
    }

    public DateTimeOffset? Date()
    {
        if (Single(TargetField.ReleasedAt) is not { } text)
        {
            return null;
        }

        var format = RuleOf(TargetField.ReleasedAt).DateFormat;
        if (FieldValues.TryDate(text, format, out var date))
        {
            return date;
        }

        problems.Add(new RowProblem("releasedAt", "not_a_date", $"'{Shorten(text)}' is not a date as the mapping expects it ({format ?? "ISO 8601"})."));
        return null;
    }

    /// <summary>The one value; null when there is none or a problem was told.</summary>
    private string? Single(TargetField field, bool raw = false)
    {
        if (rules[(int)field] is not { } rule)
        {
            return null;
        }

        if (rule is { Constant: null, Split: null, When: null } && Node(rule) is { IsScalar: true } node)
        {
            var text = Replaced(rule, node.Text.Trim());
            return raw ? text : TextSanitizer.Line(text);
        }

        if (Values(field) is not { Length: > 0 } values)
        {
            return null;
        }

        if (values.Length > 1)
        {
            problems.Add(new RowProblem(TargetFields.Name(field), "several_values", $"{values.Length} values stand where one is expected. Point the mapping at one, as in path[0]."));
            return null;
        }

        return raw ? values[0] : TextSanitizer.Line(values[0]);
    }

    /// <summary>The values; null when the row holds none and there is no default. An explicit empty list of a list field is a value.</summary>
    private ImmutableArray<string>? Values(TargetField field)
    {
        if (rules[(int)field] is not { } rule)
        {
            return null;
        }

        if (rule.When is { } when && !Holds(when.Find(row)))
        {
            return rule.Default;
        }

        if (rule.Constant is { } constant)
        {
            return constant;
        }

        foreach (var path in rule.Paths)
        {
            var node = path.Find(row);
            if (node is { Kind: RowNodeKind.List, Items.IsEmpty: true } && TargetFields.IsList(field))
            {
                return [];
            }

            if (node is { IsEmpty: false })
            {
                // Present but without a usable value is not missing: a default such as "everyone" must not stand in for it.
                return Texts(field, node, rule);
            }
        }

        return rule.Default;
    }

    /// <summary>What stands at the first path that holds something; null for nothing.</summary>
    private RowNode? Node(FieldRule rule)
    {
        foreach (var path in rule.Paths)
        {
            if (path.Find(row) is { IsEmpty: false } node)
            {
                return node;
            }
        }

        return null;
    }

    private FieldRule RuleOf(TargetField field) => rules[(int)field]!;

    private static string Replaced(FieldRule rule, string text) => rule.Values.IsEmpty ? text : rule.Values.GetValueOrDefault(text, text);

    private static bool AreKeywords(ImmutableArray<string> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!ReferenceEquals(Keyword.Normalize(values[i]), values[i]) || (i > 0 && string.CompareOrdinal(values[i - 1], values[i]) >= 0))
            {
                return false;
            }
        }

        return true;
    }

    private ImmutableArray<string> Texts(TargetField field, RowNode node, FieldRule rule)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var item in node.Kind == RowNodeKind.List ? node.Items : [node])
        {
            if (item.IsScalar)
            {
                foreach (var part in rule.Split is { } separator ? item.Text.Split(separator, ProductLimits.ListItems + 1) : [item.Text])
                {
                    var text = part.Trim();
                    if (text.Length > 0)
                    {
                        texts.Add(Replaced(rule, text));
                    }
                }
            }
            else if (item.Kind != RowNodeKind.Null)
            {
                problems.Add(new RowProblem(TargetFields.Name(field), "not_a_value", $"A {item.Kind.ToString().ToLowerInvariant()} stands where a value is expected."));
            }
        }

        return texts.DrainToImmutable();
    }

    /// <summary>Whether there is something other than nothing, 0 and false.</summary>
    public static bool Holds(RowNode? node) =>
        node is { IsEmpty: false } && !(node.Kind == RowNodeKind.Boolean && node.Text == "false")
        && !(node.IsScalar && FieldValues.TryDecimal(node.Text.Trim(), NumberNotation.Decimal, out var number) && number == 0)
        && !string.Equals(node.Text.Trim(), "false", StringComparison.OrdinalIgnoreCase);

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
