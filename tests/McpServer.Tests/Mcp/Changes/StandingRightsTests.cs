using System.Collections.Immutable;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp.Changes;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Mcp.Changes;

/// <summary>With whose rights notices are told, and what looking for them costs.</summary>
public sealed class StandingRightsTests : IAsyncLifetime, IDisposable
{
    private const string Watched = "product://sample/e-00";
    private const string Table = "product://sample/h-03";

    private readonly ChangingCatalogs _catalogs = new();
    private readonly CountingIndex _index = new();
    private readonly TestServer _server;
    private ImmutableDictionary<string, Product> _products = TestCatalog.Products.ToImmutableDictionary(p => p.Id);

    public StandingRightsTests()
    {
        _index.Inner = _catalogs.Reader;
        _server = new TestServer(services => services.AddSingleton<ICatalogIndex>(_index), "--Mcp:Changes:PollMilliseconds=60000");
    }

    private ChangeFeed Feed => _server.Services.GetRequiredService<ChangeFeed>();

    public async Task InitializeAsync()
    {
        await _catalogs.IndexAsync(TestCatalog.Name, TestCatalog.Products);
        await _server.InitializeAsync();
    }

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _catalogs.Dispose();

    [Fact]
    public async Task Subscribe_InANarrowedMessage_WatchesWithItsRights()
    {
        var key = _server.Keys.Add("both", "EU", "eu-retail", "partners");
        using var stream = await NoticeStream.OpenAsync(_server, key, TestServer.Legacy);
        await SendAsync(key, stream, NoticeStream.Subscribe("resources/subscribe", Table), "partners");
        await SendAsync(key, stream, NoticeStream.Subscribe("resources/subscribe", Watched), "partners");

        // Partners see no tables.
        await ChangeAsync("h-03", p => p with { Price = 1 });
        await ChangeAsync("e-00", p => p with { Price = 1 });

        Assert.Equal("resources/updated " + Watched, await stream.NextNoticeAsync());
    }

    [Fact]
    public async Task Notices_FollowTheRightsOfTheLastRequest()
    {
        var key = _server.Keys.Add("both", "EU", "eu-retail", "partners");
        using var stream = await NoticeStream.OpenAsync(_server, key, TestServer.Legacy, Table, Watched);
        await SendAsync(key, stream, """{"jsonrpc":"2.0","id":8,"method":"ping"}""", "partners");
        await Feed.LookAsync();
        Assert.Equal("resources/updated " + Table, await stream.NextNoticeAsync());

        await ChangeAsync("h-03", p => p with { Price = 1 });
        await ChangeAsync("e-00", p => p with { Price = 1 });
        Assert.Equal("resources/updated " + Watched, await stream.NextNoticeAsync());

        await SendAsync(key, stream, """{"jsonrpc":"2.0","id":9,"method":"ping"}""", null);
        await Feed.LookAsync();
        Assert.Equal("resources/updated " + Table, await stream.NextNoticeAsync());
    }

    [Fact]
    public async Task Look_WithNothingChanged_AsksForNobodyAndReadsNothing()
    {
        using var first = await NoticeStream.OpenAsync(_server, _server.Europe, TestServer.Modern, Watched);
        using var second = await NoticeStream.OpenAsync(_server, _server.America, TestServer.Legacy);
        await Feed.LookAsync();
        var before = (_server.Keys.Rechecks, _index.Reads);

        for (var i = 0; i < 10; i++)
        {
            await Feed.LookAsync();
        }

        Assert.Equal(before, (_server.Keys.Rechecks, _index.Reads));
    }

    [Fact]
    public async Task Resource_WatchedByManyWithTheSameRights_IsReadOnceALook()
    {
        var streams = new List<NoticeStream>();
        for (var i = 0; i < 5; i++)
        {
            streams.Add(await NoticeStream.OpenAsync(_server, _server.Europe, TestServer.Modern, Watched));
        }

        await Feed.LookAsync();
        var before = _index.Reads;
        await ChangeAsync("e-00", p => p with { Price = 1 });

        Assert.Equal(1, _index.Reads - before);
        foreach (var stream in streams)
        {
            Assert.Equal("resources/updated " + Watched, await stream.NextNoticeAsync());
            stream.Dispose();
        }
    }

    [Fact]
    public async Task Session_OpenedWhileNothingCanBeRead_IsToldLaterAllTheSame()
    {
        _index.IsDown = true;
        using var stream = await NoticeStream.OpenAsync(_server, _server.Europe, TestServer.Legacy);
        await Eventually.IsAsync(() => _index.Failures > 0, "the session was noted in vain");
        _index.IsDown = false;
        await Feed.LookAsync();

        await _catalogs.IndexAsync(TestCatalog.Second, TestCatalog.SecondProducts);
        await Feed.LookAsync();

        Assert.Equal("resources/list_changed", await stream.NextNoticeAsync());
    }

    private async Task SendAsync(string key, NoticeStream stream, string message, string? groupContext)
    {
        using var request = RawMcp.Post(key, message, stream.Session, TestServer.Legacy);
        if (groupContext is not null)
        {
            request.Headers.Add("X-Group-Context", groupContext);
        }

        using var response = await _server.Http.SendAsync(request);
        Assert.True((await RawMcp.MessageAsync(response)).TryGetProperty("result", out _));
    }

    private async Task ChangeAsync(string id, Func<Product, Product> change)
    {
        _products = _products.SetItem(id, change(_products[id]));
        await _catalogs.IndexAsync(TestCatalog.Name, _products.Values.OrderBy(p => p.Id, StringComparer.Ordinal));
        await Feed.LookAsync();
    }
}
