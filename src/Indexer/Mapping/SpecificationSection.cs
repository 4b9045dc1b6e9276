using System.Collections.Immutable;
using YamlDotNet.RepresentationModel;

namespace AiPlatform.Indexer.Mapping;

/// <summary>Reads the specifications section.</summary>
internal static class SpecificationSection
{
    private const string Field = "specifications";

    /// <summary>The keys of the section.</summary>
    public static ImmutableArray<string> Keys { get; } = ["from", "split", "include", "exclude", "rename", "columns", "tooLong"];

    public static SpecificationRule Read(YamlSection reader, YamlNode node)
    {
        var map = reader.Map(node, Field, Keys);
        var rule = new SpecificationRule
        {
            From = map.TryGetValue("from", out var from) ? reader.Path(from, Field + ".from") : null,
            Split = reader.Text(map, "split", Field + ".split"),
            Include = Names(reader, map, "include"),
            Exclude = Names(reader, map, "exclude"),
            Rename = Rename(reader, map),
            Columns = Columns(reader, map),
            CutTooLong = reader.Choice(map, "tooLong", Field + ".tooLong", "reject", ["reject", "cut"]) == "cut",
        };
        if (node is YamlMappingNode && rule.From is null && rule.Columns.IsEmpty)
        {
            reader.Wrong(node, Field, "Give from (a map in the row), columns (single places in the row), or both.");
        }

        if (rule.From is null && (map.ContainsKey("split") || map.ContainsKey("include") || map.ContainsKey("exclude") || map.ContainsKey("rename")))
        {
            reader.Wrong(node, Field, "split, include, exclude and rename need from.");
        }

        return rule;
    }

    private static ImmutableHashSet<string> Names(YamlSection reader, IReadOnlyDictionary<string, YamlNode> map, string key) =>
        map.TryGetValue(key, out var node) && reader.Texts(node, $"{Field}.{key}") is { } names ? [.. names] : [];

    private static ImmutableDictionary<string, string> Rename(YamlSection reader, IReadOnlyDictionary<string, YamlNode> map) =>
        map.TryGetValue("rename", out var node)
            ? reader.Pairs(node, Field + ".rename").ToImmutableDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal)
            : ImmutableDictionary<string, string>.Empty;

    private static ImmutableArray<SpecificationColumn> Columns(YamlSection reader, IReadOnlyDictionary<string, YamlNode> map)
    {
        if (!map.TryGetValue("columns", out var node))
        {
            return [];
        }

        if (node is not YamlMappingNode columns)
        {
            reader.Wrong(node, Field + ".columns", "A map of specification keys to paths is expected.");
            return [];
        }

        var rules = ImmutableArray.CreateBuilder<SpecificationColumn>();
        foreach (var (key, value) in columns.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            var field = $"{Field}.columns.{name}";
            var members = value is YamlMappingNode ? reader.Map(value, field, ["path", "split"]) : null;
            var at = members is null ? value : members.GetValueOrDefault("path");
            if (at is null)
            {
                reader.Wrong(value, field, "The path is missing.");
            }
            else if (reader.Path(at, field) is { } path)
            {
                rules.Add(new SpecificationColumn(name, path, members is null ? null : reader.Text(members, "split", field + ".split")));
            }
        }

        return rules.ToImmutable();
    }
}
