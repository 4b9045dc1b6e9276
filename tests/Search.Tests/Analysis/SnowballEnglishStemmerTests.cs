using AiPlatform.Search.Analysis;
using AiPlatform.Search.Tests.Vectors;
using Xunit;

namespace AiPlatform.Search.Tests.Analysis;

public sealed class SnowballEnglishStemmerTests
{
    /// <summary>Pairs of word and stem made by another implementation (npm snowball-stemmers 0.6.0).</summary>
    [Fact]
    public void Stem_WordsOfAnotherImplementation_GivesTheSameStems()
    {
        var pairs = File.ReadAllLines(Path.Combine(RepositoryFiles.Root, "tests", "Search.Tests", "Analysis", "english-stems.tsv"))
            .Select(l => l.Split('\t')).ToList();

        Assert.True(pairs.Count >= 2_000, $"only {pairs.Count} pairs");
        var wrong = pairs.Where(p => SnowballEnglishStemmer.Stem(p[0]) != p[1]).Select(p => $"{p[0]}: {SnowballEnglishStemmer.Stem(p[0])}, not {p[1]}").ToList();
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("by", "by")]
    [InlineData("skies", "sky")]
    [InlineData("generously", "generous")]
    [InlineData("'tis", "tis")]
    [InlineData("proceed", "proceed")]
    [InlineData("yyyy", "yyyi")]
    public void Stem_EdgeCases_FollowTheAlgorithm(string word, string stem) => Assert.Equal(stem, SnowballEnglishStemmer.Stem(word));

    [Fact]
    public void Stem_AnyLetters_NeverFailsAndNeverGrowsByMoreThanOne()
    {
        var random = new Random(17);
        for (var i = 0; i < 100_000; i++)
        {
            var word = string.Create(random.Next(1, 20), random, static (s, r) =>
            {
                foreach (ref var c in s)
                {
                    c = "aeioustlyingdebr'"[r.Next(17)];
                }
            });
            Assert.InRange(SnowballEnglishStemmer.Stem(word).Length, 0, word.Length + 1);
        }
    }

    [Fact]
    public void Stem_BufferWithoutRoom_Throws() => Assert.Throws<ArgumentException>(() => SnowballEnglishStemmer.Stem(new char[3], 3));
}
