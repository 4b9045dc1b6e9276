using System.Collections.Immutable;
using YamlDotNet.RepresentationModel;

namespace AiPlatform.Indexer.Mapping;

/// <summary>Reads nodes of a mapping file and collects every mistake with its line.</summary>
internal sealed class YamlSection(string name)
{
    private const int MaxErrors = 100;

    private readonly List<MappingError> _errors = [];

    public void Wrong(YamlNode node, string field, string message)
    {
        if (_errors.Count < MaxErrors)
        {
            _errors.Add(new MappingError(node.Start.Line, field, message));
        }
    }

    public void ThrowIfWrong()
    {
        if (_errors.Count > 0)
        {
            throw new MappingException(name, [.. _errors.OrderBy(e => e.Line)]);
        }
    }

    /// <summary>The members of a map whose keys are all known; unknown keys are mistakes and left out.</summary>
    public IReadOnlyDictionary<string, YamlNode> Map(YamlNode node, string field, ImmutableArray<string> known)
    {
        var members = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        if (node is not YamlMappingNode map)
        {
            Wrong(node, field, $"A map is expected, with any of: {string.Join(", ", known)}.");
            return members;
        }

        foreach (var (key, value) in map.Children)
        {
            var text = (key as YamlScalarNode)?.Value ?? "";
            if (known.Contains(text, StringComparer.Ordinal))
            {
                members[text] = value;
            }
            else
            {
                Wrong(key, Join(field, text), $"Unknown key. Known: {string.Join(", ", known)}.");
            }
        }

        return members;
    }

    /// <summary>The members of a map with free keys and text values.</summary>
    public IEnumerable<(string Key, YamlNode Node, string Value)> Pairs(YamlNode node, string field)
    {
        if (node is not YamlMappingNode map)
        {
            Wrong(node, field, "A map of names to values is expected.");
            yield break;
        }

        foreach (var (key, value) in map.Children)
        {
            if (key is YamlScalarNode { Value: { } text } && Scalar(value, Join(field, text)) is { } scalar)
            {
                yield return (text, value, scalar);
            }
        }
    }

    public string? Text(IReadOnlyDictionary<string, YamlNode> map, string key, string field) =>
        map.TryGetValue(key, out var node) ? Scalar(node, field) : null;

    public string Choice(IReadOnlyDictionary<string, YamlNode> map, string key, string field, string otherwise, ImmutableArray<string> choices)
    {
        if (Text(map, key, field) is not { } value)
        {
            return otherwise;
        }

        if (!choices.Contains(value, StringComparer.Ordinal))
        {
            Wrong(map[key], field, $"'{value}' is not known. Choose one of: {string.Join(", ", choices)}.");
            return otherwise;
        }

        return value;
    }

    public RowPath? Path(YamlNode node, string field)
    {
        if (Scalar(node, field) is not { } text)
        {
            return null;
        }

        var path = RowPath.TryParse(text, out var reason);
        if (path is null)
        {
            Wrong(node, field, reason!);
        }

        return path;
    }

    /// <summary>A text, or a list of texts; null with a mistake otherwise. An empty list is an answer.</summary>
    public ImmutableArray<string>? Texts(YamlNode node, string field)
    {
        if (node is not YamlSequenceNode list)
        {
            return Scalar(node, field) is { } one ? [one] : null;
        }

        var texts = list.Children.Select(c => Scalar(c, field)).ToArray();
        return texts.All(t => t is not null) ? [.. texts.Select(t => t!)] : null;
    }

    public string? Scalar(YamlNode node, string field)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } value } scalar && !(scalar.Style == YamlDotNet.Core.ScalarStyle.Plain && value is "~" or "null"))
        {
            return value;
        }

        Wrong(node, field, "A value is expected; it is empty or not a single value.");
        return null;
    }

    private static string Join(string field, string key) => field == "mapping" ? key : $"{field}.{key}";
}
