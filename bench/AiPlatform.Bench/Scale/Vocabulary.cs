using System.Text;

namespace AiPlatform.Bench.Scale;

/// <summary>Made-up words, drawn by Zipf's law: the r-th most frequent word has a frequency of about 1/r.</summary>
internal sealed class Vocabulary
{
    private const double Exponent = 1.05;
    private static readonly string[] Onsets = ["b", "br", "c", "ch", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pl", "qu", "r", "s", "st", "t", "tr", "v", "w", "z"];
    private static readonly string[] Rimes = ["a", "e", "i", "o", "u", "an", "ar", "el", "en", "er", "il", "in", "ol", "on", "or", "um", "ak", "et", "ip", "ux"];

    private readonly string[] _words;
    private readonly double[] _cumulative;

    public Vocabulary(int size)
    {
        _words = Make(size);
        _cumulative = new double[size];
        var sum = 0.0;
        for (var i = 0; i < size; i++)
        {
            sum += 1 / Math.Pow(i + 1, Exponent);
            _cumulative[i] = sum;
        }
    }

    public string Draw(ref SplitMix random)
    {
        var at = Array.BinarySearch(_cumulative, random.Share() * _cumulative[^1]);
        return _words[Math.Min(at < 0 ? ~at : at, _words.Length - 1)];
    }

    /// <summary>A word by its place, for brands and categories.</summary>
    public string this[int index] => _words[index];

    private static string[] Make(int size)
    {
        var random = new SplitMix(1);
        var words = new HashSet<string>(size, StringComparer.Ordinal);
        var word = new StringBuilder();
        while (words.Count < size)
        {
            word.Clear();
            for (var syllables = random.Between(2, 4); syllables > 0; syllables--)
            {
                word.Append(Onsets[random.Below(Onsets.Length)]).Append(Rimes[random.Below(Rimes.Length)]);
            }

            words.Add(word.ToString());
        }

        return [.. words];
    }
}
