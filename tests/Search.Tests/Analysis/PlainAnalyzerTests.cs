using AiPlatform.Search.Analysis;
using Xunit;

namespace AiPlatform.Search.Tests.Analysis;

public sealed class PlainAnalyzerTests
{
    [Theory]
    [InlineData("The Running SHOES", "the running shoes")]
    [InlineData("Crème Ж-Ёлка", "crème ж ёлка")]
    [InlineData("日本の本 abc中", "日 本 の 本 abc 中")]
    [InlineData("한국어 상점", "한국어 상점")]
    [InlineData("हिन्दी भाषा", "हिन्दी भाषा")]
    [InlineData("a.b-c 3,5", "a b c 3 5")]
    [InlineData("Cafe\u0301 Ёлка Е\u0308лка", "café ёлка ёлка")]
    [InlineData("Ｗｉ－Ｆｉ ﬁne m² ①", "wi fi fine m2 1")]
    [InlineData("ｶﾞﾗｽ ガラス", "ガ ラ ス ガ ラ ス")]
    [InlineData("Việt Vie\u0323\u0302t", "việt việt")]
    [InlineData("𝒳 😀 𠀀", "x 𠀀")]
    [InlineData(" … ", "")]
    public void Analyze_AnyScript_GivesTerms(string text, string expected) => Assert.Equal(expected, string.Join(' ', Terms(text).Select(t => t.Term)));

    [Fact]
    public void Analyze_Text_OffsetsNameTheOriginal()
    {
        const string text = "Ёлка 日本 x";

        Assert.Equal(["Ёлка", "日", "本", "x"], Terms(text).Select(t => text.Substring(t.Start, t.Length)));
    }

    [Theory]
    [InlineData("english", "english-1")]
    [InlineData("english-1", "english-1")]
    [InlineData("plain", "plain-1")]
    public void Get_KnownName_GivesTheSharedAnalyzer(string name, string full)
    {
        Assert.Equal(full, TextAnalyzers.Get(name).Name);
        Assert.Same(TextAnalyzers.Get(name), TextAnalyzers.Get(full));
    }

    [Fact]
    public void Get_UnknownName_Throws() => Assert.Contains("english-9", Assert.Throws<ArgumentException>(() => TextAnalyzers.Get("english-9")).Message, StringComparison.Ordinal);

    private static List<TextToken> Terms(string text)
    {
        var tokens = new List<TextToken>();
        TextAnalyzers.Get("plain").Analyze(text, tokens);
        return tokens;
    }
}
