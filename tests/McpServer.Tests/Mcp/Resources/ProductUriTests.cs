using AiPlatform.McpServer.Mcp;

namespace AiPlatform.McpServer.Tests.Mcp.Resources;

public sealed class ProductUriTests
{
    [Theory]
    [InlineData("shop", "a-1", "product://shop/a-1")]
    [InlineData("shop", "a/b?c#d e%", "product://shop/a%2Fb%3Fc%23d%20e%25")]
    [InlineData("shop_2", "größe\U0001F600", "product://shop_2/gr%C3%B6%C3%9Fe%F0%9F%98%80")]
    [InlineData("shop", "..", "product://shop/%2E%2E")]
    [InlineData("shop", "product://x/y", "product://shop/product%3A%2F%2Fx%2Fy")]
    public void Uri_OfAProduct_ReadsBackWhatWasWritten(string catalog, string id, string uri)
    {
        Assert.Equal(uri, ProductUri.Of(catalog, id));
        Assert.True(ProductUri.TryRead(uri, out var readCatalog, out var readId));
        Assert.Equal((catalog, id), (readCatalog, readId));
    }

    [Fact]
    public void Uri_OfAnyIdTheIndexTakes_ReadsBack()
    {
        var random = new Random(20260728);
        for (var round = 0; round < 2_000; round++)
        {
            var runes = Enumerable.Range(0, random.Next(1, 128)).Select(_ => NextRune(random));
            var id = string.Concat(runes.Select(r => r.ToString()));
            Assert.True(ProductUri.TryRead(ProductUri.Of("shop", id), out _, out var read), $"round {round}");
            Assert.Equal(id, read);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("product://")]
    [InlineData("product:///x")]
    [InlineData("product://shop")]
    [InlineData("product://shop/")]
    [InlineData("product://shop/a/b")]
    [InlineData("product://shop/a?b")]
    [InlineData("product://shop/a#b")]
    [InlineData("product://shop/a b")]
    [InlineData("product://shop/%")]
    [InlineData("product://shop/%4")]
    [InlineData("product://shop/%+1")]
    [InlineData("product://shop/%zz")]
    [InlineData("product://shop/%FF")]
    [InlineData("product://shop/%C3")]
    [InlineData("product://shop/%00")]
    [InlineData("product://shop/%0A")]
    [InlineData("catalog://shop/a")]
    [InlineData("http://shop/a")]
    public void Uri_ThatIsNoProducts_IsRefused(string uri) => Assert.False(ProductUri.TryRead(uri, out _, out _));

    [Fact]
    public void Uri_WithHalfAPair_IsRefused() => Assert.False(ProductUri.TryRead("product://shop/" + (char)0xD800, out _, out _));

    [Fact]
    public void Uri_AtAndPastTheLargestId_IsBounded()
    {
        Assert.True(ProductUri.TryRead("product://shop/" + new string('x', 512), out _, out _));
        Assert.True(ProductUri.TryRead("product://shop/" + string.Concat(Enumerable.Repeat("%C3%A4", 256)), out _, out _));
        Assert.False(ProductUri.TryRead("product://shop/" + new string('x', 513), out _, out _));
        Assert.False(ProductUri.TryRead("product://" + new string('x', 65) + "/a", out _, out _));
        Assert.False(ProductUri.TryRead("product://shop/" + string.Concat(Enumerable.Repeat("%", 1_000_000)), out _, out _));
    }

    private static System.Text.Rune NextRune(Random random)
    {
        while (true)
        {
            var value = random.Next(4) == 0 ? random.Next(0x20, 0x10000) : random.Next(0x20, 0x7F);
            if (System.Text.Rune.IsValid(value) && !System.Text.Rune.IsControl(new System.Text.Rune(value)))
            {
                return new System.Text.Rune(value);
            }
        }
    }
}
