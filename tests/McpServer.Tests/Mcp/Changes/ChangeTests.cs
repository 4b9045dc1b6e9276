using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp;
using AiPlatform.McpServer.Mcp.Changes;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Tests.Mcp.Changes;

/// <summary>
/// Who is told of what, in both eras, over the real engine, whose generations another one swaps in. The timer is far away: each test says when to
/// look. That nothing is told is seen by the next notice being another one.
/// </summary>
public sealed class ChangeTests : IAsyncLifetime, IDisposable
{
    private const string Watched = "product://sample/e-00";
    private const string Sentinel = "product://sample/h-00";

    private readonly ChangingCatalogs _catalogs = new();
    private readonly TestServer _server;
    private ImmutableDictionary<string, Product> _products = TestCatalog.Products.ToImmutableDictionary(p => p.Id);

    public ChangeTests() => _server = new TestServer(
        services => services.AddSingleton<ICatalogIndex>(_catalogs.Reader), "--Mcp:Changes:PollMilliseconds=60000", "--Mcp:Changes:MaxResources=3", "--Mcp:Changes:MaxStreamsPerCaller=4");

    public static TheoryData<string> Eras => [TestServer.Modern, TestServer.Legacy, "2025-03-26"];

    private ChangeFeed Feed => _server.Services.GetRequiredService<ChangeFeed>();

    public async Task InitializeAsync()
    {
        await _catalogs.IndexAsync(TestCatalog.Name, TestCatalog.Products);
        await _server.InitializeAsync();
    }

    public Task DisposeAsync() => _server.DisposeAsync();

    /// <summary>After the server, which reads from them.</summary>
    public void Dispose() => _catalogs.Dispose();

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Product_Changed_IsToldToWhoWatchesIt(string version)
    {
        using var stream = await OpenAsync(version, _server.Europe, Watched, Sentinel);

        await ChangeAsync("e-00", p => p with { Price = 1 });

        Assert.Equal("resources/updated " + Watched, await stream.NextNoticeAsync());
        await AssertNothingWaitsAsync(stream);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Reindex_WithoutAChange_IsNotTold(string version)
    {
        using var stream = await OpenAsync(version, _server.Europe, Watched, Sentinel);

        await ReindexAsync();
        await ChangeAsync("e-01", p => p with { Price = 1 });

        await AssertNothingWaitsAsync(stream);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Product_OutOfSight_IsNeverTold(string version)
    {
        var secret = ProductUri.Of(TestCatalog.Name, TestCatalog.SecretId);
        using var stream = await OpenAsync(version, _server.Europe, secret, Sentinel);
        using var administrator = await OpenAsync(version, _server.Administrator, secret);

        await ChangeAsync(TestCatalog.SecretId, p => p with { Price = 1 });
        Assert.Equal("resources/updated " + secret, await administrator.NextNoticeAsync());
        await RemoveAsync(TestCatalog.SecretId);
        Assert.Equal("resources/updated " + secret, await administrator.NextNoticeAsync());

        await AssertNothingWaitsAsync(stream);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Product_HiddenOrDeletedOrBack_IsToldAlike(string version)
    {
        using var stream = await OpenAsync(version, _server.Europe, Watched, Sentinel);
        var before = _products["e-00"];

        await ChangeAsync("e-00", p => p with { AccessLevel = DataAccessLevel.Confidential });
        var hidden = await stream.NextAsync();
        await ChangeAsync("e-00", _ => before);
        Assert.Equal("resources/updated " + Watched, await stream.NextNoticeAsync());
        await RemoveAsync("e-00");
        var deleted = await stream.NextAsync();
        // Gone is gone: the product as it stands behind the curtain changes unseen.
        _products = _products.SetItem("e-00", before with { AccessLevel = DataAccessLevel.Confidential });
        await ReindexAsync();

        Assert.Equal(deleted.GetRawText(), hidden.GetRawText());
        await AssertNothingWaitsAsync(stream);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Overview_OfTheCatalog_IsToldOnlyWhenItDiffers(string version)
    {
        using var stream = await OpenAsync(version, _server.Europe, "catalog://sample", Sentinel);

        await RemoveAsync(TestCatalog.SecretId);
        await RemoveAsync("e-02");

        Assert.Equal("resources/updated catalog://sample", await stream.NextNoticeAsync());
        await ChangeAsync("e-05", p => p with { Description = "Only the words have changed." });
        await AssertNothingWaitsAsync(stream, "resources/updated catalog://sample");
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Catalog_ThatAppearsOrGoes_ChangesTheList(string version)
    {
        using var stream = await OpenAsync(version, _server.Europe, Sentinel);

        await _catalogs.IndexAsync("hidden", [_products[TestCatalog.SecretId]]);
        await Feed.LookAsync();
        await _catalogs.IndexAsync(TestCatalog.Second, TestCatalog.SecondProducts);
        await Feed.LookAsync();

        Assert.Equal("resources/list_changed", await stream.NextNoticeAsync());
        await AssertNothingWaitsAsync(stream);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Policy_ThatTakesProductsAway_ChangesEveryList(string version)
    {
        using var europe = await OpenAsync(version, _server.Europe, Watched);
        using var america = await OpenAsync(version, _server.America, Sentinel);
        var policy = _server.Policy.Current;

        _server.Policy.Current = policy with { Version = "test-2", Groups = policy.Groups.SetItem("eu-retail", policy.Groups["eu-retail"] with { Permissions = [] }) };
        await Feed.LookAsync();

        Assert.Equal("tools/list_changed", await europe.NextNoticeAsync());
        Assert.Equal("prompts/list_changed", await europe.NextNoticeAsync());
        Assert.Equal("resources/list_changed", await europe.NextNoticeAsync());
        Assert.Equal("resources/updated " + Watched, await europe.NextNoticeAsync());
        await AssertNothingWaitsAsync(america);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task TwoCallers_AreToldEachItsOwn(string version)
    {
        const string American = "product://sample/e-01";
        using var europe = await OpenAsync(version, _server.Europe, Watched, American, Sentinel);
        using var america = await OpenAsync(version, _server.America, Watched, American);

        await ChangeAsync("e-00", p => p with { Price = 1 });
        await ChangeAsync("e-01", p => p with { Price = 1 });

        Assert.Equal("resources/updated " + Watched, await europe.NextNoticeAsync());
        Assert.Equal("resources/updated " + American, await america.NextNoticeAsync());
        await AssertNothingWaitsAsync(europe);
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Key_Revoked_EndsTheStreamAndTellsNothing(string version)
    {
        var key = _server.Keys.Add("leaver", "EU", "eu-retail");
        using var stream = await OpenAsync(version, key, Watched);

        _server.Keys.Revoke(key);
        await ChangeAsync("e-00", p => p with { Price = 1 });

        if (version == TestServer.Modern)
        {
            // The answer to the request that opened it: the stream has ended.
            var last = await stream.NextAsync();
            Assert.Equal("listen-1", last.GetProperty("id").GetString());
            Assert.Equal("listen-1", last.GetProperty("result").GetProperty("_meta").GetProperty("io.modelcontextprotocol/subscriptionId").GetString());
        }

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(0, Feed.Subscribers);
        Assert.Equal(0, Feed.Watched);
    }

    [Fact]
    public async Task Listen_TellsOnlyWhatWasAskedForAndMarksIt()
    {
        using var stream = await NoticeStream.ListenAsync(_server, _server.Europe, new JsonObject { ["resourceSubscriptions"] = new JsonArray(Watched, "file:///etc/passwd", Watched) }, "mine");
        var policy = _server.Policy.Current;

        _server.Policy.Current = policy with { Version = "test-2", Groups = policy.Groups.SetItem("eu-retail", policy.Groups["eu-retail"] with { Permissions = [] }) };
        await Feed.LookAsync();
        var notice = await stream.NextAsync();

        var honored = stream.Acknowledged.GetProperty("params").GetProperty("notifications");
        Assert.Equal($$"""{"resourceSubscriptions":["{{Watched}}"]}""", honored.GetRawText());
        Assert.Equal("notifications/resources/updated", notice.GetProperty("method").GetString());
        Assert.All((JsonElement[])[stream.Acknowledged, notice], m =>
            Assert.Equal("mine", m.GetProperty("params").GetProperty("_meta").GetProperty("io.modelcontextprotocol/subscriptionId").GetString()));
    }

    [Fact]
    public async Task Listen_ByACallerWithoutProducts_HonorsNoResource()
    {
        using var stream = await OpenAsync(TestServer.Modern, _server.NoProducts, Watched, "product://sample/no-such-1");

        Assert.False(stream.Acknowledged.GetProperty("params").GetProperty("notifications").TryGetProperty("resourceSubscriptions", out _));
    }

    [Fact]
    public async Task Listen_ClosedByTheClient_LeavesNothingBehind()
    {
        var stream = await OpenAsync(TestServer.Modern, _server.Europe, Watched, Sentinel);
        Assert.Equal((1, 2), (Feed.Subscribers, Feed.Watched));

        stream.Dispose();

        await EmptyAsync();
    }

    [Fact]
    public async Task Session_Ended_LeavesNothingBehind()
    {
        using var stream = await OpenAsync(TestServer.Legacy, _server.Europe, Watched, Sentinel);
        Assert.Equal((1, 2), (Feed.Subscribers, Feed.Watched));

        using var delete = new HttpRequestMessage(HttpMethod.Delete, "/mcp");
        delete.Headers.Add("X-API-Key", _server.Europe);
        delete.Headers.Add("Mcp-Session-Id", stream.Session);
        using var response = await _server.Http.SendAsync(delete);

        await EmptyAsync();
    }

    [Fact]
    public async Task Subscribe_PastTheBound_IsRefused()
    {
        using var session = await OpenAsync(TestServer.Legacy, _server.Europe, Watched, Sentinel, "product://sample/e-02");
        var refused = await SubscribeAsync(session, "resources/subscribe", "product://sample/e-03");
        var again = await SubscribeAsync(session, "resources/subscribe", Watched);
        await SubscribeAsync(session, "resources/unsubscribe", Watched);
        var accepted = await SubscribeAsync(session, "resources/subscribe", "product://sample/e-03");
        using var request = RawMcp.Modern(_server.Europe, "subscriptions/listen", new JsonObject
        {
            ["notifications"] = new JsonObject { ["resourceSubscriptions"] = new JsonArray([.. Enumerable.Range(0, 4).Select(i => JsonValue.Create($"product://sample/e-0{i}"))]) },
        });
        using var listen = await _server.Http.SendAsync(request);

        Assert.Equal(-32602, refused.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Contains("too_many_resources", refused.GetRawText(), StringComparison.Ordinal);
        Assert.True(again.TryGetProperty("result", out _));
        Assert.True(accepted.TryGetProperty("result", out _));
        Assert.Contains("too_many_resources", await listen.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((1, 3), (Feed.Subscribers, Feed.Watched));
    }

    [Fact]
    public async Task Subscribe_ToWhatIsOutOfSight_AnswersAsForWhatIsMissing()
    {
        using var reader = await OpenAsync(TestServer.Legacy, _server.Europe);
        using var outsider = await OpenAsync(TestServer.Legacy, _server.NoProducts);
        foreach (var session in (NoticeStream[])[reader, outsider])
        {
            var key = session == reader ? _server.Europe : _server.NoProducts;
            var forbidden = await SubscribeAsync(session, "resources/subscribe", ProductUri.Of(TestCatalog.Name, TestCatalog.SecretId), key);
            var missing = await SubscribeAsync(session, "resources/subscribe", "product://sample/no-such-1", key);

            Assert.Equal(missing.GetRawText(), forbidden.GetRawText());
        }

        Assert.Equal(-32002, (await SubscribeAsync(reader, "resources/subscribe", "file:///etc/passwd")).GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(-32002, (await SubscribeAsync(outsider, "resources/subscribe", Watched, _server.NoProducts)).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Unsubscribed_Product_IsNoLongerTold()
    {
        using var stream = await OpenAsync(TestServer.Legacy, _server.Europe, Watched, Sentinel);

        await SubscribeAsync(stream, "resources/unsubscribe", Watched);
        await ChangeAsync("e-00", p => p with { Price = 1 });

        await AssertNothingWaitsAsync(stream);
    }

    [Fact]
    public async Task Streams_PastTheBoundOfACaller_AreRefused()
    {
        var streams = new List<NoticeStream>();
        for (var i = 0; i < 4; i++)
        {
            streams.Add(await OpenAsync(TestServer.Modern, _server.Europe));
        }

        using var request = RawMcp.Modern(_server.Europe, "subscriptions/listen", new JsonObject { ["notifications"] = new JsonObject() });
        using var refused = await _server.Http.SendAsync(request);
        using var other = await OpenAsync(TestServer.Modern, _server.America);

        Assert.Contains("too_many_streams", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        streams.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task Client_ThatDoesNotRead_DelaysNobody()
    {
        using var lazy = await OpenAsync(TestServer.Modern, _server.America, Sentinel);
        using var stream = await OpenAsync(TestServer.Modern, _server.Europe, Sentinel);
        for (var i = 1; i <= 20; i++)
        {
            await ChangeAsync("h-00", p => p with { Price = i, Regions = ["EU", "US"] });
            Assert.Equal("resources/updated " + Sentinel, await stream.NextNoticeAsync());
        }
    }

    [Fact]
    public async Task Timer_ThatSteps_LooksByItself()
    {
        var time = new SteppedTimers();
        var server = new TestServer(services => services.AddSingleton<ICatalogIndex>(_catalogs.Reader).AddSingleton<TimeProvider>(time));
        await server.InitializeAsync();
        try
        {
            var key = server.Keys.Add("leaver", "EU", "eu-retail");
            using var stream = await NoticeStream.OpenAsync(server, key, TestServer.Modern, Watched);

            await ChangeAsync("e-00", p => p with { Price = 1 });
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("resources/updated " + Watched, await stream.NextNoticeAsync());
            server.Keys.Revoke(key);
            time.Advance(CallerWatch.Interval + TimeSpan.FromSeconds(1));

            Assert.True((await stream.NextAsync()).TryGetProperty("result", out _));
            Assert.Null(await stream.ReadAsync());
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task SdkClient_InASession_IsToldOfItsProduct()
    {
        await using var client = await _server.ConnectAsync(_server.Europe, TestServer.Legacy);
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var subscription = await client.SubscribeToResourceAsync(Watched, (update, _) =>
        {
            told.TrySetResult(update.Uri);
            return ValueTask.CompletedTask;
        });

        // The client opens its stream in its own time; until then nothing reaches it.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        for (var price = 1; !told.Task.IsCompleted; price++)
        {
            await ChangeAsync("e-00", p => p with { Price = price });
            await Task.WhenAny(told.Task, Task.Delay(50, patience.Token));
            patience.Token.ThrowIfCancellationRequested();
        }

        Assert.Equal(Watched, await told.Task);
    }

    [Fact]
    public async Task SdkClient_InTheStatelessRevision_IsToldWhatItListensTo()
    {
        await using var client = await _server.ConnectAsync(_server.Europe);
        var acknowledged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onAcknowledged = client.RegisterNotificationHandler(NotificationMethods.SubscriptionsAcknowledgedNotification, (_, _) =>
        {
            acknowledged.TrySetResult();
            return ValueTask.CompletedTask;
        });
        await using var onUpdated = client.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, (notification, _) =>
        {
            told.TrySetResult(notification.Params!["uri"]!.GetValue<string>());
            return ValueTask.CompletedTask;
        });
        using var stop = new CancellationTokenSource();
        var listening = client.SendRequestAsync(
            new JsonRpcRequest { Method = RequestMethods.SubscriptionsListen, Params = new JsonObject { ["notifications"] = new JsonObject { ["resourceSubscriptions"] = new JsonArray(Watched) } } }, stop.Token);
        await acknowledged.Task.WaitAsync(TimeSpan.FromSeconds(20));

        await ChangeAsync("e-00", p => p with { Price = 1 });

        Assert.Equal(Watched, await told.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        await EmptyAsync();
    }

    [Fact]
    public async Task Capabilities_SayWhatIsTold()
    {
        using var discover = RawMcp.Modern(_server.Europe, "server/discover");
        using var response = await _server.Http.SendAsync(discover);
        var modern = (await RawMcp.MessageAsync(response)).GetProperty("result").GetProperty("capabilities");
        await using var client = await _server.ConnectAsync(_server.Europe, TestServer.Legacy);

        Assert.True(modern.GetProperty("tools").GetProperty("listChanged").GetBoolean());
        Assert.True(modern.GetProperty("prompts").GetProperty("listChanged").GetBoolean());
        Assert.True(modern.GetProperty("resources").GetProperty("listChanged").GetBoolean());
        Assert.True(modern.GetProperty("resources").GetProperty("subscribe").GetBoolean());
        Assert.True(modern.TryGetProperty("completions", out _));
        Assert.True(client.ServerCapabilities is { Resources: { Subscribe: true, ListChanged: true }, Tools.ListChanged: true, Prompts.ListChanged: true });
    }

    private Task<NoticeStream> OpenAsync(string version, string key, params string[] uris) => NoticeStream.OpenAsync(_server, key, version, uris);

    private Task<JsonElement> SubscribeAsync(NoticeStream session, string method, string uri, string? key = null) =>
        NoticeStream.SendAsync(_server, key ?? _server.Europe, session.Session!, TestServer.Legacy, NoticeStream.Subscribe(method, uri));

    private Task ChangeAsync(string id, Func<Product, Product> change)
    {
        _products = _products.SetItem(id, change(_products[id]));
        return ReindexAsync();
    }

    private Task RemoveAsync(string id)
    {
        _products = _products.Remove(id);
        return ReindexAsync();
    }

    private async Task ReindexAsync()
    {
        await _catalogs.IndexAsync(TestCatalog.Name, _products.Values.OrderBy(p => p.Id, StringComparer.Ordinal));
        await Feed.LookAsync();
    }

    /// <summary>The next notices are of changes made only now. Two of them, because what waits with the first would come behind it.</summary>
    private async Task AssertNothingWaitsAsync(NoticeStream stream, params string[] besides)
    {
        for (var round = 0; round < 2; round++)
        {
            await ChangeAsync("h-00", p => p with { Price = (p.Price ?? 0) + 1_000, Regions = ["EU", "US"] });
            foreach (var also in besides)
            {
                Assert.Equal(also, await stream.NextNoticeAsync());
            }

            Assert.Equal("resources/updated " + Sentinel, await stream.NextNoticeAsync());
        }
    }

    private async Task EmptyAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Feed.Subscribers > 0 || Feed.Watched > 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
