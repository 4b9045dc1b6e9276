using AiPlatform.Search.Analysis;
using Xunit;

namespace AiPlatform.Search.Tests.Analysis;

public sealed class EnglishAnalyzerTests
{
    private readonly EnglishAnalyzer _analyzer = new();

    [Theory]
    [InlineData("Women's Shoes", "women shoe")]
    [InlineData("the women’s dogs'", "women dog")]
    [InlineData("rock'n'roll", "rock n roll")]
    [InlineData("Crème brûlée", "creme brule")]
    [InlineData("Cre\u0300me", "creme")]
    [InlineData("STRASSE Straße", "strass strass")]
    [InlineData("ﬁnishing", "finish")]
    [InlineData("Ｗｉｆｉ", "wifi")]
    [InlineData("802.11n 2.4 GHz 3.5.2", "802.11 n 2.4 ghz 3.5 2")]
    [InlineData("v2. end.", "v2 end")]
    [InlineData("10µF 5 m²", "10uf 5 m2")]
    [InlineData("iPhone™ 5½", "iphon 5")]
    [InlineData("t-towels & co/op", "t towel co op")]
    [InlineData("of the and", "")]
    [InlineData("not without", "not without")]
    [InlineData("日本 Ж !", "")]
    [InlineData("", "")]
    public void Analyze_Text_GivesTerms(string text, string expected) => Assert.Equal(expected, string.Join(' ', Terms(text).Select(t => t.Term)));

    [Fact]
    public void Analyze_FoldedText_OffsetsNameTheOriginal()
    {
        const string text = "  the Women's Cre\u0300me, Straße 2.4x";
        var words = Terms(text).Select(t => text.Substring(t.Start, t.Length));

        Assert.Equal(["Women", "Cre\u0300me", "Straße", "2.4", "x"], words);
    }

    [Fact]
    public void Analyze_KnownWords_AllocatesNothingAndSharesTerms()
    {
        const string text = "running shoes for women with naïve laces 802.11";
        var tokens = new List<TextToken>(64);
        _analyzer.Analyze(text, tokens);
        var first = tokens.ToArray();
        tokens.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        _analyzer.Analyze(text, tokens);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.All(first.Zip(tokens), pair => Assert.Same(pair.First.Term, pair.Second.Term));
    }

    [Fact]
    public void Analyze_EndlessWord_TermIsBounded()
    {
        var token = Assert.Single(Terms(new string('x', 5_000)));

        Assert.Equal(EnglishAnalyzer.LongestWord, token.Term.Length);
        Assert.Equal(5_000, token.Length);
    }

    [Fact]
    public void Analyze_MoreWordsThanTheCacheHolds_StillGivesTerms()
    {
        var tokens = new List<TextToken>();
        for (var i = 0; i < TermCache.Capacity + 1_000; i++)
        {
            tokens.Clear();
            _analyzer.Analyze($"w{i}", tokens);
            Assert.Equal($"w{i}", Assert.Single(tokens).Term);
        }
    }

    [Fact]
    public void NormalizeWord_Word_IsTheTermOfAnalyze()
    {
        Assert.Equal("batteri", _analyzer.NormalizeWord("Batteries"));
        Assert.Equal("", _analyzer.NormalizeWord("The"));
        Assert.Equal("", _analyzer.NormalizeWord("--"));
    }

    [Fact]
    public void IsStopWord_AnyCase_Knows()
    {
        Assert.True(EnglishAnalyzer.IsStopWord("The"));
        Assert.False(EnglishAnalyzer.IsStopWord("without"));
        Assert.InRange(EnglishAnalyzer.StopWords.Count, 20, 30);
    }

    private List<TextToken> Terms(string text)
    {
        var tokens = new List<TextToken>();
        _analyzer.Analyze(text, tokens);
        return tokens;
    }
}
