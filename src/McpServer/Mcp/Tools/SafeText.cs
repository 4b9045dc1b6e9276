using System.Buffers;
using System.Globalization;
using System.Text;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>
/// Makes catalog text safe to put before a model and a person: what cannot be seen (control, bidirectional, zero-width and tag
/// characters, halves of surrogate pairs) is removed, every line break becomes a space. The text stays data.
/// </summary>
internal static class SafeText
{
    private static readonly SearchValues<char> Suspicious = SearchValues.Create(
        [.. Enumerable.Range(0, char.MaxValue + 1).Select(i => (char)i).Where(c => char.IsSurrogate(c) || !IsVisible(new Rune(char.IsSurrogate(c) ? 'x' : c)))]);

    /// <summary>The text without what cannot be seen. Returns the same instance when nothing had to go. O(length).</summary>
    public static string Clean(string text)
    {
        var first = text.AsSpan().IndexOfAny(Suspicious);
        if (first < 0)
        {
            return text;
        }

        var clean = new StringBuilder(text.Length).Append(text, 0, first);
        var rest = text.AsSpan(first);
        while (!rest.IsEmpty)
        {
            var status = Rune.DecodeFromUtf16(rest, out var rune, out var consumed);
            if (status == OperationStatus.Done)
            {
                Append(clean, rune);
            }

            rest = rest[consumed..];
        }

        return clean.ToString();
    }

    /// <summary>The text without what cannot be seen, cut at a word's end to at most that many characters, the last of which is then an ellipsis.</summary>
    public static string Shorten(string text, int maxLength)
    {
        var clean = Clean(text);
        return clean.Length <= maxLength ? clean : string.Concat(Beginning(clean, maxLength), "…");
    }

    /// <summary>The same, cut to the length of the room. What is answered is in the room or in the text itself.</summary>
    public static ReadOnlySpan<char> Shorten(string text, Span<char> room)
    {
        var clean = Clean(text);
        if (clean.Length <= room.Length)
        {
            return clean;
        }

        var beginning = Beginning(clean, room.Length);
        beginning.CopyTo(room);
        room[beginning.Length] = '…';
        return room[..(beginning.Length + 1)];
    }

    /// <summary>The same, appended.</summary>
    public static void AppendShortened(StringBuilder target, string text, int maxLength)
    {
        var clean = Clean(text);
        if (clean.Length <= maxLength)
        {
            target.Append(clean);
            return;
        }

        target.Append(Beginning(clean, maxLength)).Append('…');
    }

    /// <summary>What stays of a text that is too long, in front of the ellipsis.</summary>
    private static ReadOnlySpan<char> Beginning(string clean, int maxLength)
    {
        var cut = clean.LastIndexOf(' ', maxLength - 2);
        cut = cut > maxLength / 2 ? cut : maxLength - 1;
        if (char.IsHighSurrogate(clean[cut - 1]))
        {
            cut--;
        }

        return clean.AsSpan(0, cut).TrimEnd();
    }

    private static void Append(StringBuilder clean, Rune rune)
    {
        if (IsVisible(rune))
        {
            clean.Append(rune.ToString());
        }
        else if (rune.Value is '\n' or '\r' or '\t' or 0x2028 or 0x2029 or 0x85 && (clean.Length == 0 || clean[^1] != ' '))
        {
            clean.Append(' ');
        }
    }

    // Format characters are bidirectional marks, zero-width characters, soft hyphens and tags; variation selectors beyond the basic ones can carry hidden bytes.
    private static bool IsVisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or (>= 0xE0100 and <= 0xE01EF));
}
