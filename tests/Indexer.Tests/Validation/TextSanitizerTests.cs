using AiPlatform.Indexer.Validation;

namespace AiPlatform.Indexer.Tests.Validation;

public sealed class TextSanitizerTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("  two   spaces \t tab ", "two spaces tab")]
    [InlineData("a\u0000b\u0008c\u007fd\u0085e", "abcd e")]
    [InlineData("abc\u202Efdp.exe", "abcfdp.exe")]
    [InlineData("zero\u200Bwidth\u200D\uFEFF\u2060", "zerowidth")]
    [InlineData("soft\u00ADhyphen", "softhyphen")]
    [InlineData("tag\U000E0041\U000E0042", "tag")]
    [InlineData("naïve Café 20 €", "naïve Café 20 €")]
    [InlineData("日本語 テスト", "日本語 テスト")]
    [InlineData("a\u00A0b\u3000c", "a b c")]
    [InlineData("line\r\nbreak", "line break")]
    [InlineData("", "")]
    [InlineData(" \u200b ", "")]
    public void Line_Text_IsCleaned(string text, string expected)
    {
        Assert.Equal(expected, TextSanitizer.Line(text));
        Assert.Equal(expected, TextSanitizer.Line(expected));
        Assert.False(TextSanitizer.HasHidden(expected));
    }

    [Fact]
    public void Block_Lines_AreKeptAtMostTwoInARow() =>
        Assert.Equal("a\nb\n\nc", TextSanitizer.Block(" a \r\n b\n\n\n\u200b\nc\n"));

    [Theory]
    [InlineData("a\u200bb")]
    [InlineData("a\nb")]
    [InlineData("\u202e")]
    public void HasHidden_HiddenCharacter_IsSeen(string text) => Assert.True(TextSanitizer.HasHidden(text));

    [Fact]
    public void Line_LoneSurrogate_IsRemoved()
    {
        Assert.Equal("lone surrogate", TextSanitizer.Line("lone \ud800 surrogate"));
        Assert.True(TextSanitizer.HasHidden("\udc00"));
    }
}
