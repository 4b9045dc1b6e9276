using System.Collections.Immutable;
using System.Globalization;
using AiPlatform.Indexer.Sources;

namespace AiPlatform.Indexer.Mapping;

/// <summary>A place in a row: <c>price</c>, <c>features.brand[0]</c>, <c>["a key. with dots"].value</c>.</summary>
public sealed class RowPath
{
    /// <summary>Steps of one path.</summary>
    public const int MaxSteps = 16;

    private readonly ImmutableArray<(string? Key, int Index)> _steps;

    private RowPath(string text, ImmutableArray<(string? Key, int Index)> steps)
    {
        Text = text;
        _steps = steps;
    }

    /// <summary>The path as written.</summary>
    public string Text { get; }

    /// <summary>Reads a path; answers null and the reason when it is malformed.</summary>
    public static RowPath? TryParse(string text, out string? reason)
    {
        ArgumentNullException.ThrowIfNull(text);
        var steps = ImmutableArray.CreateBuilder<(string?, int)>();
        var position = 0;
        reason = text.Length == 0 ? "A path is empty." : null;
        while (reason is null && position < text.Length)
        {
            if (text[position] == '[')
            {
                steps.Add(Bracket(text, ref position, ref reason));
            }
            else
            {
                steps.Add(Name(text, ref position, ref reason));
            }
        }

        reason ??= steps.Count > MaxSteps ? $"A path has at most {MaxSteps} steps." : null;
        return reason is null ? new RowPath(text, steps.ToImmutable()) : null;
    }

    /// <summary>What stands at the path; null when there is nothing.</summary>
    public RowNode? Find(RowNode row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var node = row;
        foreach (var (key, index) in _steps)
        {
            var next = key is null
                ? index < node.Items.Length ? node.Items[index] : null
                : node.Member(key);
            if (next is null)
            {
                return null;
            }

            node = next;
        }

        return node;
    }

    private static (string?, int) Name(string text, ref int position, ref string? reason)
    {
        if (position > 0 && text[position] == '.')
        {
            position++;
        }

        var end = position;
        while (end < text.Length && text[end] is not ('.' or '['))
        {
            end++;
        }

        var name = text[position..end];
        reason = name.Length == 0 ? $"The path '{text}' has an empty name at character {position + 1}." : reason;
        position = end;
        return (name, 0);
    }

    private static (string?, int) Bracket(string text, ref int position, ref string? reason)
    {
        var quoted = position + 1 < text.Length && text[position + 1] == '"';
        var close = quoted ? text.IndexOf("\"]", position + 2, StringComparison.Ordinal) : text.IndexOf(']', position);
        if (close < 0)
        {
            reason = $"The path '{text}' has a bracket that is not closed.";
            position = text.Length;
            return (null, 0);
        }

        var inside = quoted ? text[(position + 2)..close] : text[(position + 1)..close];
        position = close + (quoted ? 2 : 1);
        if (quoted)
        {
            return (inside, 0);
        }

        if (!int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            reason = $"The path '{text}' has '[{inside}]': write a number as in [0], or a quoted name as in [\"a.b\"].";
        }

        return (null, index);
    }
}
