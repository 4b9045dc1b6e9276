using AiPlatform.McpServer.Mcp;

namespace AiPlatform.McpServer.Tests.Mcp;

public sealed class ProductUriTests
{
    [Theory]
    [InlineData("sample", "e-00", "product://sample/e-00")]
    [InlineData("sample", "a/b?c#d%e f", "product://sample/a%2Fb%3Fc%23d%25e%20f")]
    [InlineData("sample", "../..", "product://sample/..%2F..")]
    [InlineData("sample", "商品", "product://sample/%E5%95%86%E5%93%81")]
    public void Of_AnyId_IsReadBack(string catalog, string id, string uri)
    {
        Assert.Equal(uri, ProductUri.Of(catalog, id));
        Assert.True(ProductUri.TryRead(uri, out var readCatalog, out var readId));
        Assert.Equal((catalog, id), (readCatalog, readId));
    }

    [Fact]
    public void Of_LongestId_IsReadBack()
    {
        var id = new string('&', 512);

        Assert.True(ProductUri.TryRead(ProductUri.Of(new string('c', 64), id), out _, out var read));
        Assert.Equal(id, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("product://")]
    [InlineData("product:///x")]
    [InlineData("product://sample")]
    [InlineData("product://sample/")]
    [InlineData("product://sample/a/b")]
    [InlineData("product://sample/a?b")]
    [InlineData("product://sample/a#b")]
    [InlineData("PRODUCT://sample/a")]
    [InlineData("product://sample/%61")]
    [InlineData("product://sample/%2f")]
    [InlineData("product://sample/%")]
    [InlineData("product://sample/%FF")]
    [InlineData("http://sample/a")]
    public void TryRead_WhatIsNeverWritten_IsRefused(string uri) => Assert.False(ProductUri.TryRead(uri, out _, out _));

    [Fact]
    public void TryRead_TooLong_IsRefused() => Assert.False(ProductUri.TryRead("product://sample/" + new string('a', ProductUri.MaxLength), out _, out _));
}
