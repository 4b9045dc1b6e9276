using System.Globalization;

namespace AiPlatform.Core.Text;

/// <summary>
/// Unicode's decompositions, compositions and combining classes. Tables and not <see cref="string.Normalize()"/>: that does nothing under
/// globalization-invariant mode, and a keyword or a term must not depend on the host. Read on first use; thread-safe.
/// </summary>
internal static partial class UnicodeForms
{
    private const int HangulFirst = 0xAC00;
    private const int HangulCount = LeadCount * VowelCount * TailCount;
    private const int LeadFirst = 0x1100;
    private const int LeadCount = 19;
    private const int VowelFirst = 0x1161;
    private const int VowelCount = 21;
    private const int TailBase = 0x11A7;
    private const int TailCount = 28;

    private static readonly Dictionary<long, int> ComposedOf = ReadCompositions();
    private static readonly Dictionary<int, int[]> DecomposedOf = ReadDecompositions();
    private static readonly Dictionary<int, byte> Classes = ReadClasses();

    /// <summary>The canonical combining class; 0 for a code point that starts a new sequence. O(1).</summary>
    public static byte CombiningClass(int codePoint) => codePoint < 0x300 ? (byte)0 : Classes.GetValueOrDefault(codePoint);

    /// <summary>Adds the full compatibility decomposition, the code point itself where it has none. O(its length).</summary>
    public static void Decompose(int codePoint, List<int> into)
    {
        if (codePoint < 0x80)
        {
            into.Add(codePoint);
        }
        else if ((uint)(codePoint - HangulFirst) < HangulCount)
        {
            DecomposeSyllable(codePoint - HangulFirst, into);
        }
        else if (DecomposedOf.TryGetValue(codePoint, out var parts))
        {
            into.AddRange(parts);
        }
        else
        {
            into.Add(codePoint);
        }
    }

    /// <summary>The one code point that stands for two; -1 where there is none. O(1).</summary>
    public static int Compose(int first, int second)
    {
        if ((uint)(first - LeadFirst) < LeadCount && (uint)(second - VowelFirst) < VowelCount)
        {
            return HangulFirst + ((((first - LeadFirst) * VowelCount) + second - VowelFirst) * TailCount);
        }

        if ((uint)(first - HangulFirst) < HangulCount && (first - HangulFirst) % TailCount == 0 && second is > TailBase and < TailBase + TailCount)
        {
            return first + second - TailBase;
        }

        return ComposedOf.TryGetValue(Pair(first, second), out var composed) ? composed : -1;
    }

    private static void DecomposeSyllable(int index, List<int> into)
    {
        into.Add(LeadFirst + (index / (VowelCount * TailCount)));
        into.Add(VowelFirst + (index % (VowelCount * TailCount) / TailCount));
        if (index % TailCount is > 0 and var tail)
        {
            into.Add(TailBase + tail);
        }
    }

    private static long Pair(int first, int second) => ((long)first << 32) | (uint)second;

    private static Dictionary<long, int> ReadCompositions()
    {
        var result = new Dictionary<long, int>(1_024);
        var mark = 0;
        foreach (var word in Words(Compositions))
        {
            if (word.EndsWith(':'))
            {
                mark = Code(word.AsSpan(0, word.Length - 1));
                continue;
            }

            var plus = word.IndexOf('+', StringComparison.Ordinal);
            result.Add(Pair(Code(word.AsSpan(0, plus)), mark), Code(word.AsSpan(plus + 1)));
        }

        return result;
    }

    private static Dictionary<int, int[]> ReadDecompositions()
    {
        var result = new Dictionary<int, int[]>(6_144);
        foreach (var word in Words(Decompositions))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var (first, last) = CodeRange(word.AsSpan(0, equals));
            var parts = CodeList(word.AsSpan(equals + 1));
            for (var code = first; code <= last; code++)
            {
                result.Add(code, first == last ? parts : [parts[0] + code - first]);
            }
        }

        var halves = new Dictionary<int, (int Letter, int Mark)>(ComposedOf.Count);
        foreach (var (pair, composed) in ComposedOf)
        {
            halves.Add(composed, ((int)(pair >> 32), (int)pair));
        }

        foreach (var composed in halves.Keys)
        {
            result[composed] = Full(composed);
        }

        return result;

        int[] Full(int code) =>
            halves.TryGetValue(code, out var pair) ? [.. Full(pair.Letter), pair.Mark] : result.TryGetValue(code, out var parts) ? parts : [code];
    }

    private static Dictionary<int, byte> ReadClasses()
    {
        var result = new Dictionary<int, byte>(1_024);
        foreach (var word in Words(CombiningClasses))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var (first, last) = CodeRange(word.AsSpan(0, equals));
            for (var code = first; code <= last; code++)
            {
                result.Add(code, byte.Parse(word.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture));
            }
        }

        return result;
    }

    private static string[] Words(string table) => table.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

    private static int Code(ReadOnlySpan<char> text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static int[] CodeList(ReadOnlySpan<char> text)
    {
        var codes = new int[text.Count('+') + 1];
        var i = 0;
        foreach (var range in text.Split('+'))
        {
            codes[i++] = Code(text[range]);
        }

        return codes;
    }

    private static (int First, int Last) CodeRange(ReadOnlySpan<char> text) =>
        text.IndexOf('-') is >= 0 and var dash ? (Code(text[..dash]), Code(text[(dash + 1)..])) : (Code(text), Code(text));
}
