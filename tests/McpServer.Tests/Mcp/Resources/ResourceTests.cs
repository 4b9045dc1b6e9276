using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Mcp;
using AiPlatform.McpServer.Tests.Fixtures;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Tests.Mcp.Resources;

public sealed class ResourceTests(TestServer server) : IClassFixture<TestServer>
{
    private static readonly string Secret = ProductUri.Of(TestCatalog.Name, TestCatalog.SecretId);

    /// <summary>URIs that read as nothing for a reader of the sample in Europe: forbidden, missing, malformed.</summary>
    public static TheoryData<string> Unreadable =>
    [
        Secret, "product://sample/no-such-1", "product://nosuch/e-00", "product://sample/e-01", "catalog://nosuch", "catalog://", "product://sample",
        "product://sample/%FF", "file:///etc/passwd", "http://127.0.0.1/", "..", "product://sample/" + new string('a', 5_000),
    ];

    public static TheoryData<string> Versions => [TestServer.Modern, TestServer.Legacy, "2025-03-26", "2024-11-05"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Client_EveryRevision_ListsAndReads(string version)
    {
        await using var client = await server.ConnectAsync(server.Europe, version);

        var resources = await client.ListResourcesAsync();
        var templates = await client.ListResourceTemplatesAsync();
        var product = await client.ReadResourceAsync("product://sample/e-00");
        var overview = await client.ReadResourceAsync("catalog://sample");

        Assert.Equal(["catalog://sample", "catalog://second"], resources.Select(r => r.Uri));
        Assert.Equal(ProductUri.Template, Assert.Single(templates).UriTemplate);
        var contents = Assert.IsType<TextResourceContents>(Assert.Single(product.Contents));
        Assert.Equal(("product://sample/e-00", "application/json"), (contents.Uri, contents.MimeType));
        Assert.Equal("e-00", JsonElement.Parse(contents.Text).GetProperty("id").GetString());
        var visible = server.Index.Visible(server.ScopeOf(server.Europe), TestCatalog.Name).Count;
        Assert.Equal(visible, JsonElement.Parse(Assert.IsType<TextResourceContents>(Assert.Single(overview.Contents)).Text).GetProperty("visible_products").GetInt32());
    }

    [Fact]
    public async Task Read_OfAProduct_IsWhatGetProductsAnswers()
    {
        foreach (var id in (string[])["e-00", TestCatalog.PoisonedId])
        {
            var read = await ReadAsync(server.Administrator, ProductUri.Of(TestCatalog.Name, id));
            var got = await server.CallAsync(server.Administrator, "get_products", $$"""{"catalog":"sample","ids":["{{id}}"]}""");

            Assert.Equal(
                got.GetProperty("result").GetProperty("structuredContent").GetProperty("products")[0].GetRawText(),
                read.GetProperty("result").GetProperty("contents")[0].GetProperty("text").GetString());
        }
    }

    [Fact]
    public async Task Read_InTheStatelessRevision_IsPrivateToTheCaller()
    {
        var result = (await ReadAsync(server.Europe, "product://sample/e-00")).GetProperty("result");

        Assert.Equal("private", result.GetProperty("cacheScope").GetString());
        Assert.True(result.GetProperty("ttlMs").GetInt64() > 0);
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task Read_OfWhatTheCallerDoesNotSee_AnswersOneText(string uri)
    {
        var missing = await ReadAsync(server.Europe, "product://sample/really-not-there");
        var asked = await ReadAsync(server.Europe, uri);

        Assert.Equal(missing.GetRawText(), asked.GetRawText());
        Assert.Equal(-32602, asked.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Read_OfAForbiddenProduct_InASession_AnswersNotFoundAsForAMissingOne()
    {
        await using var client = await server.ConnectAsync(server.Europe, TestServer.Legacy);

        var forbidden = await Assert.ThrowsAsync<McpProtocolException>(() => client.ReadResourceAsync(Secret).AsTask());
        var missing = await Assert.ThrowsAsync<McpProtocolException>(() => client.ReadResourceAsync("product://sample/no-such-1").AsTask());

        Assert.Equal(McpErrorCode.ResourceNotFound, forbidden.ErrorCode);
        Assert.Equal((missing.ErrorCode, missing.Message), (forbidden.ErrorCode, forbidden.Message));
    }

    [Fact]
    public async Task Caller_WithoutProducts_HasNoResources()
    {
        await using var client = await server.ConnectAsync(server.NoProducts);

        Assert.Empty(await client.ListResourcesAsync());
        Assert.Empty(await client.ListResourceTemplatesAsync());
        Assert.Equal(
            (await ReadAsync(server.NoProducts, "product://sample/no-such-1")).GetRawText(), (await ReadAsync(server.NoProducts, "product://sample/e-00")).GetRawText());
        Assert.Equal(
            (await ReadAsync(server.NoProducts, "catalog://nosuch")).GetRawText(), (await ReadAsync(server.NoProducts, "catalog://sample")).GetRawText());
    }

    [Fact]
    public async Task Caller_BoundToACatalog_SeesThatOneAlone()
    {
        await using var client = await server.ConnectAsync(server.OtherCatalog);

        Assert.Equal("catalog://second", Assert.Single(await client.ListResourcesAsync()).Uri);
        Assert.Equal(
            (await ReadAsync(server.OtherCatalog, "product://nosuch/e-00")).GetRawText(), (await ReadAsync(server.OtherCatalog, "product://sample/e-00")).GetRawText());
    }

    [Fact]
    public async Task Overview_OfACatalog_HoldsNothingOutOfSight()
    {
        var text = (await ReadAsync(server.Europe, "catalog://sample")).GetRawText();

        Assert.Contains("Auralis", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Mystique", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(TestCatalog.SecretWord, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("administrators", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("generation", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Read_OfAPoisonedProduct_HoldsNothingThatCannotBeSeen()
    {
        var text = (await ReadAsync(server.Administrator, ProductUri.Of(TestCatalog.Name, TestCatalog.PoisonedId))).GetProperty("result").GetProperty("contents")[0].GetProperty("text").GetString()!;
        var product = JsonElement.Parse(text);

        Assert.Equal("Lampevil name", product.GetProperty("name").GetString());
        Assert.DoesNotContain(product.GetProperty("description").GetString()!, c => char.IsControl(c) || c is '\u200D' or '\u202E' || char.IsSurrogate(c));
    }

    [Fact]
    public async Task Read_OfHostileUris_IsQuick()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (var uri in (string[])["product://" + new string('/', 100_000), "product://sample/" + string.Concat(Enumerable.Repeat("%41", 100_000)), new string('{', 200_000)])
        {
            using var request = RawMcp.Modern(server.Europe, "resources/read", new JsonObject { ["uri"] = uri }, "short");
            request.Headers.Remove("Mcp-Name");
            using var response = await server.Http.SendAsync(request);

            Assert.True((int)response.StatusCode < 500);
        }

        foreach (var uri in (string[])["product://" + new string('/', 7_000), "product://sample/" + string.Concat(Enumerable.Repeat("%41", 2_000)), new string('{', 7_000)])
        {
            Assert.True((await ReadAsync(server.Europe, uri)).TryGetProperty("error", out _));
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
    }

    [Fact]
    public async Task Lists_ByPages_HoldEverythingOnceAndRefuseForeignCursors()
    {
        var paged = new TestServer(null, "--Mcp:ListPageSize=1");
        await paged.InitializeAsync();
        try
        {
            var first = await ListAsync(paged, paged.Europe, null);
            var cursor = first.GetProperty("result").GetProperty("nextCursor").GetString();
            var second = await ListAsync(paged, paged.Europe, cursor);
            var stolen = await ListAsync(paged, paged.America, cursor);

            Assert.Equal("catalog://sample", first.GetProperty("result").GetProperty("resources")[0].GetProperty("uri").GetString());
            Assert.Equal("catalog://second", second.GetProperty("result").GetProperty("resources")[0].GetProperty("uri").GetString());
            Assert.False(second.GetProperty("result").TryGetProperty("nextCursor", out _));
            Assert.Equal(-32602, stolen.GetProperty("error").GetProperty("code").GetInt32());
        }
        finally
        {
            await paged.DisposeAsync();
        }
    }

    [Fact]
    public async Task Entries_CarryTitleIconAndAnnotations()
    {
        var resource = (await ListAsync(server, server.Europe, null)).GetProperty("result").GetProperty("resources")[0];

        Assert.Equal("Catalog sample", resource.GetProperty("title").GetString());
        Assert.StartsWith("data:image/svg+xml", resource.GetProperty("icons")[0].GetProperty("src").GetString(), StringComparison.Ordinal);
        Assert.Equal("assistant", resource.GetProperty("annotations").GetProperty("audience")[0].GetString());
    }

    private static async Task<JsonElement> ListAsync(TestServer server, string key, string? cursor)
    {
        using var request = RawMcp.Modern(key, "resources/list", cursor is null ? null : new JsonObject { ["cursor"] = cursor });
        using var response = await server.Http.SendAsync(request);
        return await RawMcp.MessageAsync(response);
    }

    private async Task<JsonElement> ReadAsync(string key, string uri)
    {
        using var request = RawMcp.Modern(key, "resources/read", new JsonObject { ["uri"] = uri }, uri);
        using var response = await server.Http.SendAsync(request);
        return await RawMcp.MessageAsync(response);
    }
}
