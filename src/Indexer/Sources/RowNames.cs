using System.Text;

namespace AiPlatform.Indexer.Sources;

/// <summary>
/// One string for the names that every row repeats. It saves the allocation and holds no decision: what it answers always equals the bytes it was given. At most <see cref="Slots"/> names of
/// ASCII are kept, newest wins; thread-safe, because a slot is read and written whole.
/// </summary>
internal static class RowNames
{
    private const int Slots = 1_024;
    private const int Longest = 64;

    private static readonly string?[] Known = new string?[Slots];

    /// <summary>The name of these ASCII bytes; null where they are none, or too many.</summary>
    public static string? Of(ReadOnlySpan<byte> name)
    {
        if (name.Length > Longest)
        {
            return null;
        }

        ref var slot = ref Known[Slot(name)];
        var known = Volatile.Read(ref slot);
        if (known is not null && Ascii.Equals(name, known))
        {
            return known;
        }

        if (!Ascii.IsValid(name))
        {
            return null;
        }

        known = Encoding.ASCII.GetString(name);
        Volatile.Write(ref slot, known);
        return known;
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
