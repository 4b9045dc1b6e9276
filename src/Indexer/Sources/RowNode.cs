using System.Collections.Immutable;

namespace AiPlatform.Indexer.Sources;

/// <summary>A node of the immutable tree that one source row is read into, whatever the format. Numbers keep their written form, so that no digit is lost.</summary>
public sealed class RowNode
{
    private RowNode(RowNodeKind kind, string text, ImmutableArray<RowNode> items, ImmutableArray<KeyValuePair<string, RowNode>> members)
    {
        Kind = kind;
        Text = text;
        Items = items;
        Members = members;
    }

    /// <summary>The null node.</summary>
    public static RowNode Null { get; } = new(RowNodeKind.Null, "", [], []);

    /// <summary>The true node.</summary>
    public static RowNode True { get; } = new(RowNodeKind.Boolean, "true", [], []);

    /// <summary>The false node.</summary>
    public static RowNode False { get; } = new(RowNodeKind.Boolean, "false", [], []);

    /// <summary>What the node is.</summary>
    public RowNodeKind Kind { get; }

    /// <summary>The text of a text, number or boolean (<c>true</c>, <c>false</c>); empty otherwise.</summary>
    public string Text { get; }

    /// <summary>The items of a list; empty otherwise.</summary>
    public ImmutableArray<RowNode> Items { get; }

    /// <summary>The members of a map in source order, names unique; empty otherwise.</summary>
    public ImmutableArray<KeyValuePair<string, RowNode>> Members { get; }

    /// <summary>Whether the node is a text, number or boolean.</summary>
    public bool IsScalar => Kind is RowNodeKind.Text or RowNodeKind.Number or RowNodeKind.Boolean;

    /// <summary>Whether the node holds nothing: null, an empty or blank text, an empty list or map.</summary>
    public bool IsEmpty => Kind switch
    {
        RowNodeKind.Null => true,
        RowNodeKind.Text => string.IsNullOrWhiteSpace(Text),
        RowNodeKind.List => Items.IsEmpty,
        RowNodeKind.Map => Members.IsEmpty,
        _ => false,
    };

    /// <summary>A text node.</summary>
    public static RowNode OfText(string text) => new(RowNodeKind.Text, text, [], []);

    /// <summary>A number node.</summary>
    /// <param name="written">The number as the source writes it, such as <c>1e3</c>.</param>
    public static RowNode OfNumber(string written) => new(RowNodeKind.Number, written, [], []);

    /// <summary>A list node.</summary>
    public static RowNode OfList(ImmutableArray<RowNode> items) => new(RowNodeKind.List, "", items, []);

    /// <summary>A map node.</summary>
    /// <exception cref="ArgumentException">Two members have the same name.</exception>
    public static RowNode OfMap(IReadOnlyList<KeyValuePair<string, RowNode>> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        return RepeatedName(members) is { } repeated ? throw new ArgumentException($"The name '{repeated}' stands twice.", nameof(members)) : OfUniqueMap([.. members]);
    }

    /// <summary>A map node of members whose names are known to be unique.</summary>
    internal static RowNode OfUniqueMap(ImmutableArray<KeyValuePair<string, RowNode>> members) => new(RowNodeKind.Map, "", [], members);

    /// <summary>The first name that stands twice; null when none does.</summary>
    internal static string? RepeatedName(IReadOnlyList<KeyValuePair<string, RowNode>> members)
    {
        const int FewEnoughToCompare = 12;
        if (members.Count > FewEnoughToCompare)
        {
            var seen = new HashSet<string>(members.Count, StringComparer.Ordinal);
            return members.Select(m => m.Key).FirstOrDefault(name => !seen.Add(name));
        }

        for (var i = 1; i < members.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (string.Equals(members[i].Key, members[j].Key, StringComparison.Ordinal))
                {
                    return members[i].Key;
                }
            }
        }

        return null;
    }

    /// <summary>The member of a map; null when there is none or the node is no map. O(members).</summary>
    public RowNode? Member(string name)
    {
        foreach (var member in Members)
        {
            if (string.Equals(member.Key, name, StringComparison.Ordinal))
            {
                return member.Value;
            }
        }

        return null;
    }
}
