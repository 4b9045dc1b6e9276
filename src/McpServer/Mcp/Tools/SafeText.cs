using System.Buffers;
using System.Globalization;
using System.Text;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>
/// Makes catalog text safe to put before a model and a person: what cannot be seen (control, bidirectional, zero-width and tag
/// characters, variation selectors, blanks that are letters, halves of surrogate pairs) is removed, every line break becomes a space. The text stays data.
/// </summary>
internal static class SafeText
{
    /// <summary>The variation selector that asks for the coloured form of the emoji before it.</summary>
    private const int EmojiStyle = 0xFE0F;

    private const char KeycapFrame = '\u20E3';

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
        _ = Rune.DecodeLastFromUtf16(text.AsSpan(0, first), out var before, out _);
        var rest = text.AsSpan(first);
        while (!rest.IsEmpty)
        {
            var status = Rune.DecodeFromUtf16(rest, out var rune, out var consumed);
            rest = rest[consumed..];
            if (status == OperationStatus.Done)
            {
                if (rune.Value == EmojiStyle && IsEmojiBase(before, rest))
                {
                    clean.Append((char)EmojiStyle);
                }
                else
                {
                    Append(clean, rune);
                }
            }

            before = rune;
        }

        return clean.Equals(text.AsSpan()) ? text : clean.ToString();
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

    /// <summary>Whether the character in front of a selector has an emoji form; digits have one in a keycap only.</summary>
    private static bool IsEmojiBase(Rune before, ReadOnlySpan<char> rest) => before.Value switch
    {
        '#' or '*' or (>= '0' and <= '9') => !rest.IsEmpty && rest[0] == KeycapFrame,
        0xA9 or 0xAE or 0x203C or 0x2049 or 0x2122 or 0x2139 or 0x3030 or 0x303D or 0x3297 or 0x3299 => true,
        (>= 0x2194 and <= 0x21AA) or (>= 0x231A and <= 0x23FA) or 0x24C2 or (>= 0x25AA and <= 0x27BF) => true,
        0x2934 or 0x2935 or (>= 0x2B05 and <= 0x2B55) or (>= 0x1F000 and <= 0x1FAFF) => true,
        _ => false,
    };

    // Format characters are bidirectional marks, zero-width characters, soft hyphens and tags; a row of variation selectors can carry a hidden text.
    private static bool IsVisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 or 0x034F or 0x17B4 or 0x17B5
            or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF));
}
