using System.Text;
using AiPlatform.Search.Embedded.Segments;
using Xunit;

namespace AiPlatform.Search.Tests.Embedded;

public sealed unsafe class RepeatedTextsTests
{
    [Theory]
    [InlineData("everyone")]
    [InlineData("EU")]
    [InlineData("Größe")]
    [InlineData("日本")]
    [InlineData("exactly thirty-two characters ok")]
    [InlineData("more than thirty-two characters, so never shared")]
    public void Read_AnyText_EqualsItsBytesEveryTime(string text)
    {
        Assert.Equal(text, Read(text));
        Assert.Equal(text, Read(text));
    }

    [Fact]
    public void Read_ManyMoreTextsThanSlots_NeverMixesThemUp()
    {
        for (var i = 0; i < 50_000; i++)
        {
            var text = "value " + (i % 20_000);
            Assert.Equal(text, Read(text));
        }
    }

    [Fact]
    public void Read_ShortAsciiTwice_IsOneString() => Assert.Same(Read("repeated-texts-same"), Read("repeated-texts-same"));

    [Fact]
    public void Read_SameLettersInAnotherCase_StaysApart()
    {
        Assert.Equal("Black", Read("Black"));
        Assert.Equal("black", Read("black"));
        Assert.Equal("Black", Read("Black"));
    }

    private static string Read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* source = bytes)
        {
            return RepeatedTexts.Read(source, bytes.Length);
        }
    }
}
