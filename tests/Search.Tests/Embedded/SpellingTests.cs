using AiPlatform.Search.Tests.Embedded.Support;
using Xunit;

namespace AiPlatform.Search.Tests.Embedded;

/// <summary>The corrector's walk over the sorted terms skips what is too far; the oracle here skips nothing.</summary>
public sealed class SpellingTests
{
    private const int Words = 400;

    [Fact]
    public async Task Correct_RandomTypos_TakesTheWordTheOracleTakes()
    {
        var random = Seed.Random(50_000);
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        while (words.Count < Words)
        {
            words.TryAdd(Word(random), 1 + random.Next(3));
        }

        using var engine = new TestEngine(configure: o => o.SegmentProducts = 64);
        var number = 0;
        await engine.BuildAsync(words.SelectMany(w => Enumerable.Range(0, w.Value).Select(_ => Given.Product($"p{number++:0000}", w.Key))), TestEngine.Request("plain"));
        var corrected = 0;
        for (var i = 0; i < 600; i++)
        {
            var typo = Typo(random, words.Keys.ElementAt(random.Next(words.Count)));
            if (words.ContainsKey(typo))
            {
                continue;
            }

            var limit = typo.Length >= 8 ? 2 : 1;
            var expected = words
                .Select(w => (Word: w.Key, Distance: Distance(w.Key, typo), Frequency: w.Value))
                .Where(w => typo.Length >= 4 && w.Distance <= limit && (typo.Length >= 6 || w.Word[0] == typo[0]))
                .OrderBy(w => w.Distance).ThenByDescending(w => w.Frequency).ThenBy(w => w.Word, StringComparer.Ordinal)
                .Select(w => w.Word)
                .FirstOrDefault();
            var found = (await engine.SearchAsync(Given.System, typo)).CorrectedText;
            Assert.True(expected == found, $"'{typo}': expected '{expected}', found '{found}', seed {Seed.Value}");
            corrected += found is null ? 0 : 1;
        }

        Assert.True(corrected > 200, $"{corrected} corrected");
    }

    private static string Word(Random random) => string.Concat(Enumerable.Range(0, random.Next(3, 12)).Select(_ => "abkmnortvw"[random.Next(10)]));

    private static string Typo(Random random, string word)
    {
        var letters = word.ToList();
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var at = random.Next(letters.Count);
            switch (random.Next(4))
            {
                case 0:
                    letters[at] = "abkmnortvw"[random.Next(10)];
                    break;
                case 1:
                    letters.Insert(at, "abkmnortvw"[random.Next(10)]);
                    break;
                case 2 when letters.Count > 3:
                    letters.RemoveAt(at);
                    break;
                default:
                    (letters[at], letters[^1]) = (letters[^1], letters[at]);
                    break;
            }
        }

        return string.Concat(letters);
    }

    /// <summary>Optimal string alignment, by the book.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
