using System.Collections.Immutable;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Validation;

namespace AiPlatform.Indexer.Mapping;

/// <summary>Reads the specifications of one row.</summary>
internal static class SpecificationReader
{
    private const string Field = "specifications";

    public static ImmutableSortedDictionary<string, ImmutableArray<string>> Read(SpecificationRule rule, RowNode row, List<RowProblem> problems)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        if (rule.From?.Find(row) is { IsEmpty: false } from)
        {
            if (from.Kind != RowNodeKind.Map)
            {
                problems.Add(new RowProblem(Field, "not_a_map", $"'{rule.From.Text}' is a {from.Kind.ToString().ToLowerInvariant()}; a map of values is expected."));
            }

            foreach (var (key, node) in from.Members)
            {
                if (!rule.Exclude.Contains(key) && (rule.Include.IsEmpty || rule.Include.Contains(key)))
                {
                    Add(found, rule, rule.Rename.GetValueOrDefault(key, key), node, rule.Split, problems);
                }
            }
        }

        foreach (var column in rule.Columns)
        {
            if (column.Path.Find(row) is { } node)
            {
                Add(found, rule, column.Key, node, column.Split, problems);
            }
        }

        return found.Count == 0 ? Product.EmptySpecifications : found.ToImmutable();
    }

    /// <summary>The first characters of a text, not ending in half a character.</summary>
    public static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)].TrimEnd();

    private static void Add(
        ImmutableSortedDictionary<string, ImmutableArray<string>>.Builder found, SpecificationRule rule, string name, RowNode node, string? split, List<RowProblem> problems)
    {
        var key = TextSanitizer.Line(name);
        if (key.Length == 0 || node.IsEmpty)
        {
            return;
        }

        if (split is null && node.IsScalar && !rule.CutTooLong && TextSanitizer.Line(node.Text) is { Length: > 0 } only && !found.ContainsKey(key))
        {
            found.Add(key, [only]);
            return;
        }

        IEnumerable<string> values = Texts(node, split, name, problems);
        if (rule.CutTooLong)
        {
            values = [.. values.Take(ProductLimits.SpecificationValues).Select(v => Cut(v, ProductLimits.SpecificationCharacters))];
        }

        // Two keys that are renamed to one, or a column beside a key, join their values.
        var all = found.TryGetValue(key, out var before) ? before.AddRange(values) : [.. values];
        if (!all.IsEmpty)
        {
            found[key] = [.. all.Distinct(StringComparer.Ordinal)];
        }
    }

    private static List<string> Texts(RowNode node, string? split, string name, List<RowProblem> problems)
    {
        var texts = new List<string>();
        foreach (var item in node.Kind == RowNodeKind.List ? node.Items : [node])
        {
            if (item.IsScalar)
            {
                texts.AddRange((split is null ? [item.Text] : item.Text.Split(split)).Select(TextSanitizer.Line).Where(t => t.Length > 0));
            }
            else if (item.Kind != RowNodeKind.Null)
            {
                problems.Add(new RowProblem(Field, "not_a_value", $"'{name}' holds a {item.Kind.ToString().ToLowerInvariant()}; values or lists of values are expected."));
            }
        }

        return texts;
    }
}
