using AiPlatform.Core.Models;
using Xunit;

namespace AiPlatform.Router.Tests.Models;

public sealed class ModelVersionTests
{
    [Fact]
    public void Versions_InPrecedenceOrder_AsSemverSays()
    {
        string[] ordered =
        [
            "0.9.9", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "1.0.0-rc.1", "1.0.0", "1.0.10", "1.2.0", "1.10.0", "2.0.0",
        ];
        var shuffled = ordered.Reverse().Select(Parse).Order().Select(v => v.ToString());
        Assert.Equal(ordered, shuffled);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("1")]
    [InlineData("1.2")]
    [InlineData("1.2.3.4")]
    [InlineData("01.2.3")]
    [InlineData("1.2.3-")]
    [InlineData("1.2.3-01")]
    [InlineData("1.2.3-a..b")]
    [InlineData("1.2.3+")]
    [InlineData("1.2.3-ä")]
    [InlineData("v1.2.3")]
    [InlineData("+1.2.3")]
    [InlineData("-1.2.3")]
    [InlineData(" 1.2.3")]
    [InlineData("99999999999.0.0")]
    public void Text_ThatIsNoVersion_IsRefused(string? text) => Assert.False(ModelVersion.TryParse(text, out _));

    [Fact]
    public void BuildMetadata_IsKept_AndNotCompared()
    {
        var (a, b) = (Parse("1.0.0+linux-1"), Parse("1.0.0+linux-2"));
        Assert.True(a == b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.Equal("1.0.0+linux-1", a.ToString());
    }

    [Fact]
    public void LongNumberOfAPrerelease_IsOrdered_WithoutOverflow() =>
        Assert.True(Parse("1.0.0-99999999999999999999") < Parse("1.0.0-100000000000000000000"));

    private static ModelVersion Parse(string text)
    {
        Assert.True(ModelVersion.TryParse(text, out var version), text);
        return version!;
    }
}
