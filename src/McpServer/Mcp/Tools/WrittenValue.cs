using System.Collections.Immutable;
using AiPlatform.Core.Catalog;
using AiPlatform.Core.Text;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>A value somebody wrote, and how far others are from it. Immutable.</summary>
internal sealed class WrittenValue
{
    private const int BeginningLength = 3;
    private const int LongWord = 4;
    private const int LongValue = 5;

    /// <summary>Farther than any number of edits: one value stands in the other.</summary>
    private const int Contained = 10;

    /// <summary>Farther still, and nearer by one for each word the values share.</summary>
    private const int SharedWords = 100;

    private readonly string _letters;
    private readonly ImmutableArray<WrittenValue> _levels;

    public WrittenValue(string value)
    {
        var normal = Keyword.Normalize(value);
        Words = WordsOf(normal);
        _letters = string.Concat(Words);
        Beginning = _letters[..Math.Min(BeginningLength, _letters.Length)];
        var levels = normal.Split([ProductFields.CategorySeparator, ">"], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        _levels = levels.Length > 1 ? [.. levels.Select(l => new WrittenValue(l))] : [this];
    }

    /// <summary>The words, in normal form.</summary>
    public ImmutableArray<string> Words { get; }

    /// <summary>The first letters.</summary>
    public string Beginning { get; }

    /// <summary>How far another value is, spaces and marks aside; null when it is not near. O(length · edits).</summary>
    public int? DistanceTo(string value)
    {
        var words = WordsOf(Keyword.Normalize(value));
        var letters = string.Concat(words);
        if (letters.Length == 0 || _letters.Length == 0)
        {
            return null;
        }

        var edits = EditDistance.Within(_letters, letters, Math.Min(_letters.Length, letters.Length) < LongValue ? 1 : 2);
        if (edits >= 0)
        {
            return edits;
        }

        // A short value stands somewhere in nearly every long one: there only the beginning counts.
        var (shorter, longer) = letters.Length < _letters.Length ? (letters, _letters) : (_letters, letters);
        if (shorter.Length >= BeginningLength ? longer.Contains(shorter, StringComparison.Ordinal) : shorter.Length > 1 && longer.StartsWith(shorter, StringComparison.Ordinal))
        {
            return Contained;
        }

        var shared = words.Count(w => Words.Any(own => IsNear(own, w)));
        return shared == 0 ? null : SharedWords - shared;
    }

    /// <summary>How far a category is: by the last level written that is near its last one, and by how many of the other levels they share.</summary>
    public int? DistanceToCategory(string path)
    {
        var levels = path.Split(ProductFields.CategorySeparator);
        for (var written = _levels.Length - 1; written >= 0; written--)
        {
            if (_levels[written].DistanceTo(levels[^1]) is { } distance)
            {
                var shared = levels.Take(levels.Length - 1).Count(l => _levels.Any(own => own.DistanceTo(l) is not null));
                return ((((_levels.Length - 1 - written) * SharedWords) + distance) * SharedWords) - shared;
            }
        }

        return null;
    }

    private static bool IsNear(string one, string other) =>
        one == other
            ? one.Length >= BeginningLength
            : Math.Min(one.Length, other.Length) >= LongWord
                && (one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal) || EditDistance.Within(one, other, 1) >= 0);

    private static ImmutableArray<string> WordsOf(string normal) =>
        [.. new string([.. normal.Select(c => char.IsLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
