using System.Text;
using AiPlatform.Indexer.Sources;

namespace AiPlatform.Indexer.Tests.Sources;

public sealed class RowNamesTests
{
    [Fact]
    public void Of_ManyNames_AlwaysEqualsTheBytes()
    {
        for (var i = 0; i < 5_000; i++)
        {
            var name = $"name {i % 3_000}";
            Assert.Equal(name, RowNames.Of(Encoding.UTF8.GetBytes(name)));
        }
    }

    [Fact]
    public void Of_SameNameAgain_IsTheSameString() => Assert.Same(RowNames.Of("categoryPath"u8), RowNames.Of("categoryPath"u8));

    [Fact]
    public void Of_NoAsciiOrLong_IsNothing()
    {
        Assert.Null(RowNames.Of("größe"u8));
        Assert.Null(RowNames.Of(new byte[200]));
    }
}
