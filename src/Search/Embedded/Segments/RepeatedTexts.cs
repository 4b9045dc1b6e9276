using System.Text;

namespace AiPlatform.Search.Embedded.Segments;

/// <summary>
/// Gives one string for the short texts that stored products repeat: brands, classes, categories, regions, groups, names and values of
/// specifications. It saves the allocation and holds no decision: what it answers always equals the bytes it was given. At most
/// <see cref="Slots"/> strings of <see cref="LongestText"/> characters are kept, newest wins; thread-safe, because a slot is read and
/// written whole.
/// </summary>
internal static unsafe class RepeatedTexts
{
    /// <summary>Longer texts are seldom said twice.</summary>
    public const int LongestText = 32;

    private const int Slots = 4_096;

    private static readonly string?[] Known = new string?[Slots];

    /// <summary>The text of these UTF-8 bytes.</summary>
    public static string Read(byte* source, int length)
    {
        if (length > LongestText)
        {
            return Encoding.UTF8.GetString(source, length);
        }

        var bytes = new ReadOnlySpan<byte>(source, length);
        ref var slot = ref Known[Slot(bytes)];
        var known = Volatile.Read(ref slot);

        // Equal byte for byte, and false for anything beyond ASCII.
        if (known is not null && Ascii.Equals(bytes, known))
        {
            return known;
        }

        var text = Encoding.UTF8.GetString(bytes);
        if (text.Length == length)
        {
            Volatile.Write(ref slot, text);
        }

        return text;
    }

    private static int Slot(ReadOnlySpan<byte> bytes)
    {
        var hash = 2_166_136_261u;
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * 16_777_619u;
        }

        return (int)((hash ^ (hash >> 15)) & (Slots - 1));
    }
}
