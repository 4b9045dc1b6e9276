using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AiPlatform.Core.Text;

namespace AiPlatform.Storage.Policy;

/// <summary>Reads typed values off nodes; a wrong one is reported and answered with the fallback, so that all errors are found in one go.</summary>
internal sealed partial class PolicyValues(PolicyProblems problems)
{
    /// <summary>The entries by key; reports what is no mapping, a key twice and, when <paramref name="known"/> is given, a key that is not in it.</summary>
    public IReadOnlyDictionary<string, YamlEntry> Map(YamlNode node, string path, ImmutableArray<string>? known = null)
    {
        var entries = new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
        if (node is not YamlMap map)
        {
            problems.Error("wrong_type", node, path, $"expected a mapping (`key: value`), found {Kind(node)}");
            return entries;
        }

        foreach (var entry in map.Entries)
        {
            var name = entry.Key.Text;
            if (known is { } names && !names.Contains(name, StringComparer.Ordinal))
            {
                problems.Error("unknown_key", entry.Key, Join(path, name), $"`{name}` is not known here; use one of {string.Join(", ", names)}{Hint(name, names)}");
            }
            else if (!entries.TryAdd(name, entry))
            {
                problems.Error("duplicate_key", entry.Key, Join(path, name), $"`{name}` was already given at line {entries[name].Key.Line}; keep one");
            }
        }

        return entries;
    }

    /// <summary>The items; reports what is no list or is too long.</summary>
    public IReadOnlyList<YamlNode> List(YamlNode node, string path, int limit)
    {
        if (node is not YamlList list)
        {
            problems.Error("wrong_type", node, path, $"expected a list (`[a, b]` or lines with `-`), found {Kind(node)}");
            return [];
        }

        return Bounded(list.Items, node, path, limit);
    }

    public string Text(YamlNode node, string path, string fallback = "")
    {
        if (node is not YamlScalar scalar || scalar.IsNull)
        {
            problems.Error("wrong_type", node, path, $"expected a text, found {Kind(node)}");
            return fallback;
        }

        var text = scalar.Text.Trim();
        if (text.Length is 0 or > PolicyLimits.TextLength || text.Any(char.IsControl))
        {
            problems.Error("invalid_text", node, path, $"expected 1 to {PolicyLimits.TextLength} characters without control characters");
            return fallback;
        }

        return text;
    }

    public ImmutableArray<string> Texts(YamlNode node, string path, bool allowOne = false)
    {
        if (allowOne && node is YamlScalar)
        {
            return [Text(node, path)];
        }

        var items = List(node, path, PolicyLimits.ValuesPerList);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            var text = Text(items[i], At(path, i));
            if (text.Length > 0 && !seen.Add(text))
            {
                problems.Error("duplicate_value", items[i], At(path, i), $"`{text}` is in the list twice; keep one");
            }
        }

        return [.. seen];
    }

    public int Whole(YamlNode node, string path, int least, int most, int fallback)
    {
        if (node is YamlScalar { Plain: true } scalar
            && int.TryParse(scalar.Text.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= least && value <= most)
        {
            return value;
        }

        var found = node is YamlScalar wrong ? $"`{wrong.Text}`" : Kind(node);
        problems.Error("wrong_number", node, path, string.Create(CultureInfo.InvariantCulture, $"expected a whole number from {least} to {most} without quotes, found {found}"));
        return fallback;
    }

    /// <summary>The index of the choice; <paramref name="fallback"/> when it is none of them.</summary>
    public int Choice(YamlNode node, string path, ImmutableArray<string> choices, string code, int fallback)
    {
        if (node is YamlScalar scalar && choices.IndexOf(scalar.Text, 0, StringComparer.Ordinal) is var index and >= 0)
        {
            return index;
        }

        var found = node is YamlScalar wrong ? $"`{wrong.Text}`" : Kind(node);
        problems.Error(code, node, path, $"{found} is not known; use one of {string.Join(", ", choices)}{(node is YamlScalar s ? Hint(s.Text, choices) : "")}");
        return fallback;
    }

    /// <summary>A lower-case id as groups, tiers, attributes and resources have.</summary>
    public bool Id(YamlNode node, string text, string path)
    {
        if (IdPattern().IsMatch(text))
        {
            return true;
        }

        problems.Error("invalid_id", node, path, $"`{text}` is not an id; use 1 to 64 lower-case letters, digits, `-`, `_` or `.`, starting with a letter or digit");
        return false;
    }

    /// <summary>Reports too many entries and answers the first of them.</summary>
    public IReadOnlyList<T> Bounded<T>(IReadOnlyList<T> items, YamlNode at, string path, int limit)
    {
        if (items.Count <= limit)
        {
            return items;
        }

        problems.Error("too_many", at, path, string.Create(CultureInfo.InvariantCulture, $"{items.Count} entries, at most {limit} are allowed; split or shorten it"));
        return [.. items.Take(limit)];
    }

    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    public static string At(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

    /// <summary>Says what may have been meant; empty when nothing is near.</summary>
    public static string Hint(string text, IEnumerable<string> known) =>
        NearestName.Of(text, known) is { } near ? $" (did you mean `{near}`?)" : "";

    private static string Kind(YamlNode node) => node switch
    {
        YamlScalar { IsNull: true } => "nothing",
        YamlScalar => "a single value",
        YamlList => "a list",
        _ => "a mapping",
    };

    [GeneratedRegex("^[a-z0-9][a-z0-9_.-]{0,63}\\z")]
    private static partial Regex IdPattern();
}
