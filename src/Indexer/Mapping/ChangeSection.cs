using System.Collections.Immutable;
using YamlDotNet.RepresentationModel;

namespace AiPlatform.Indexer.Mapping;

/// <summary>Reads the sections <c>version</c> and <c>deleted</c>: a path, or a map.</summary>
internal static class ChangeSection
{
    /// <summary>The keys of <c>version</c>.</summary>
    public static ImmutableArray<string> VersionKeys { get; } = ["path", "parse", "format"];

    /// <summary>The ways to read a version.</summary>
    public static ImmutableArray<string> VersionParses { get; } = ["integer", "date"];

    /// <summary>The keys of <c>deleted</c>.</summary>
    public static ImmutableArray<string> DeletedKeys { get; } = ["path", "values"];

    public static VersionRule? Version(YamlSection reader, YamlNode node)
    {
        if (node is not YamlMappingNode)
        {
            return reader.Path(node, "version") is { } only ? new VersionRule(only, IsDate: false, null) : null;
        }

        var map = reader.Map(node, "version", VersionKeys);
        var isDate = reader.Choice(map, "parse", "version.parse", "integer", VersionParses) == "date";
        var format = reader.Text(map, "format", "version.format");
        if (format is not null && !isDate)
        {
            reader.Wrong(map["format"], "version.format", "Only a date has a format. Write parse: date.");
        }

        return PathOf(reader, node, map, "version") is { } path ? new VersionRule(path, isDate, format) : null;
    }

    public static DeletionRule? Deleted(YamlSection reader, YamlNode node)
    {
        if (node is not YamlMappingNode)
        {
            return reader.Path(node, "deleted") is { } only ? new DeletionRule(only, []) : null;
        }

        var map = reader.Map(node, "deleted", DeletedKeys);
        ImmutableArray<string> values = map.TryGetValue("values", out var given) ? reader.Texts(given, "deleted.values") ?? [] : [];
        return PathOf(reader, node, map, "deleted") is { } path ? new DeletionRule(path, [.. values.Select(v => v.Trim())]) : null;
    }

    private static RowPath? PathOf(YamlSection reader, YamlNode node, IReadOnlyDictionary<string, YamlNode> map, string field)
    {
        if (map.TryGetValue("path", out var path))
        {
            return reader.Path(path, field + ".path");
        }

        reader.Wrong(node, field, "Give a path.");
        return null;
    }
}
