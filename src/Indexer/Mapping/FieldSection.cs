using System.Collections.Immutable;
using YamlDotNet.RepresentationModel;

namespace AiPlatform.Indexer.Mapping;

/// <summary>Reads the rule of one target field: a path, a list of paths, or a map.</summary>
internal static class FieldSection
{
    /// <summary>The keys a rule can have.</summary>
    public static ImmutableArray<string> Keys { get; } = ["path", "constant", "default", "when", "split", "parse", "format", "values", "tooLong"];

    /// <summary>The ways to read a number or date.</summary>
    public static ImmutableArray<string> Parses { get; } = ["decimal", "decimal_comma", "decimal_thousands", "date"];

    /// <summary>What a notation is called in a mapping file.</summary>
    public static string NameOf(NumberNotation notation) => notation switch
    {
        NumberNotation.DecimalComma => "decimal_comma",
        NumberNotation.DecimalThousands => "decimal_thousands",
        _ => "decimal",
    };

    public static FieldRule Read(YamlSection reader, YamlNode node, TargetField target)
    {
        var field = "fields." + TargetFields.Name(target);
        if (node is not YamlMappingNode)
        {
            return new FieldRule { Paths = Paths(reader, node, field) };
        }

        var map = reader.Map(node, field, Keys);
        var rule = new FieldRule
        {
            Paths = map.TryGetValue("path", out var path) ? Paths(reader, path, field + ".path") : [],
            Constant = map.TryGetValue("constant", out var constant) ? reader.Texts(constant, field + ".constant") ?? [] : null,
            Default = map.TryGetValue("default", out var otherwise) ? reader.Texts(otherwise, field + ".default") ?? [] : null,
            When = map.TryGetValue("when", out var when) ? reader.Path(when, field + ".when") : null,
            Split = reader.Text(map, "split", field + ".split"),
            Notation = Notation(reader, map, field, target),
            DateFormat = reader.Text(map, "format", field + ".format"),
            Values = Values(reader, map, field),
            CutTooLong = reader.Choice(map, "tooLong", field + ".tooLong", "reject", ["reject", "cut"]) == "cut",
        };
        Check(reader, node, map, field, target, rule);
        return rule;
    }

    private static ImmutableArray<RowPath> Paths(YamlSection reader, YamlNode node, string field)
    {
        var nodes = node is YamlSequenceNode list ? list.Children.ToArray() : [node];
        if (nodes.Length == 0)
        {
            reader.Wrong(node, field, "The list of paths is empty.");
        }

        return [.. nodes.Select(n => reader.Path(n, field)).OfType<RowPath>()];
    }

    private static NumberNotation Notation(YamlSection reader, IReadOnlyDictionary<string, YamlNode> map, string field, TargetField target)
    {
        var parse = reader.Choice(map, "parse", field + ".parse", "", Parses);
        if (parse.Length > 0 && (parse == "date" ? target != TargetField.ReleasedAt : !TargetFields.IsNumber(target)))
        {
            reader.Wrong(map["parse"], field + ".parse", $"'{parse}' does not fit this field.");
        }

        return parse switch
        {
            "decimal_comma" => NumberNotation.DecimalComma,
            "decimal_thousands" => NumberNotation.DecimalThousands,
            _ => NumberNotation.Decimal,
        };
    }

    private static ImmutableDictionary<string, string> Values(YamlSection reader, IReadOnlyDictionary<string, YamlNode> map, string field)
    {
        var values = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        if (map.TryGetValue("values", out var node))
        {
            foreach (var (key, at, value) in reader.Pairs(node, field + ".values"))
            {
                if (!values.TryAdd(key.Trim(), value))
                {
                    reader.Wrong(at, $"{field}.values.{key}", "The value stands twice (case does not count).");
                }
            }
        }

        return values.ToImmutable();
    }

    private static void Check(YamlSection reader, YamlNode node, IReadOnlyDictionary<string, YamlNode> map, string field, TargetField target, FieldRule rule)
    {
        if (map.ContainsKey("path") == map.ContainsKey("constant"))
        {
            reader.Wrong(node, field, "Give either a path or a constant.");
        }

        if (rule.Constant is not null && map.Keys.Any(k => k is not ("constant" or "when")))
        {
            reader.Wrong(node, field, "A constant takes no other key than when.");
        }

        if (target is TargetField.AccessLevel or TargetField.AllowedGroups && rule.When is not null)
        {
            reader.Wrong(node, field + ".when", "Who may see a product must not depend on a condition. Use a path.");
        }

        if (rule.DateFormat is not null && target != TargetField.ReleasedAt)
        {
            reader.Wrong(map["format"], field + ".format", "Only a date has a format.");
        }

        if (rule.Split is not null && !TargetFields.IsList(target))
        {
            reader.Wrong(map["split"], field + ".split", "Only a list can be split.");
        }

        if (rule.CutTooLong && !TargetFields.CanCut(target))
        {
            reader.Wrong(map["tooLong"], field + ".tooLong", "Only name and description can be cut.");
        }

        foreach (var key in (string[])["constant", "default"])
        {
            if (map.TryGetValue(key, out var given) && (key == "constant" ? rule.Constant : rule.Default) is { } values)
            {
                CheckValues(reader, given, $"{field}.{key}", target, values);
            }
        }
    }

    private static void CheckValues(YamlSection reader, YamlNode node, string field, TargetField target, ImmutableArray<string> values)
    {
        if (!TargetFields.IsList(target) && values.Length != 1)
        {
            reader.Wrong(node, field, "A single value is expected.");
        }
        else if (target == TargetField.AccessLevel && !FieldValues.TryAccessLevel(values[0], out _))
        {
            reader.Wrong(node, field, $"'{values[0]}' is no access level. Choose one of: public, internal, confidential.");
        }
        else if (target == TargetField.Availability && !FieldValues.TryAvailability(values[0], out _))
        {
            reader.Wrong(node, field, $"'{values[0]}' is no availability. Choose one of: in_stock, low_stock, preorder, out_of_stock, discontinued, unknown.");
        }
    }
}
