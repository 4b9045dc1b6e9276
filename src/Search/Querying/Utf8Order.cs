using System.Text;

namespace AiPlatform.Search.Querying;

/// <summary>The order of strings by their UTF-8 bytes, which is how segments sort. Differs from UTF-16 order above U+FFFF.</summary>
internal sealed class Utf8Order : IComparer<string>
{
    public static Utf8Order Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        var common = Math.Min(x!.Length, y!.Length);
        for (var i = 0; i < common; i++)
        {
            if (x[i] != y[i])
            {
                return char.IsSurrogate(x[i]) || char.IsSurrogate(y[i])
                    ? Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y))
                    : x[i].CompareTo(y[i]);
            }
        }

        return x.Length.CompareTo(y.Length);
    }
}
