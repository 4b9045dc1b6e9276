using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AiPlatform.Clients.Tests.Foreign;

/// <summary>The client of the C# SDK, over both wires and in both eras.</summary>
[Collection(RealServerCollection.Name)]
public sealed class CSharpTests(RealServer server)
{
    private static readonly RequestId Id = new("give-up");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<Wire, string> Ways => new()
    {
        { Wire.Http, "2025-11-25" },
        { Wire.Http, "2026-07-28" },
        { Wire.Stdio, "2025-11-25" },
        { Wire.Stdio, "2026-07-28" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Client_OfTwoGroups_GetsDifferentAnswersEachItsOwn(Wire wire, string revision)
    {
        foreach (var group in (string[])[RealServer.Europe, RealServer.America])
        {
            var oracle = SampleOracle.Of(group);
            await using var client = await server.ConnectAsync(group, wire, revision);

            var found = await CallAsync(client, "search_products", new() { ["catalog"] = "sample", ["category"] = SampleOracle.Category, ["page_size"] = 50, ["sort"] = "price_asc" });
            var got = await CallAsync(client, "get_products", new() { ["catalog"] = "sample", ["ids"] = (string[])[oracle.Ids[0], oracle.Hidden] });
            var read = await client.ReadResourceAsync($"product://sample/{oracle.Ids[0]}");

            Assert.Equal("aiplatform", client.ServerInfo?.Name);
            Assert.Equal(revision, client.NegotiatedProtocolVersion);
            Assert.DoesNotContain("start_reindex", (await client.ListToolsAsync()).Select(t => t.Name));
            Assert.Contains("find_product", (await client.ListPromptsAsync()).Select(p => p.Name));
            Assert.Contains("catalog://sample", (await client.ListResourcesAsync()).Select(r => r.Uri));
            Assert.Equal(oracle.Ids, Ids(found).Order(StringComparer.Ordinal));
            Assert.Equal([oracle.Ids[0]], Ids(got));
            Assert.Equal(oracle.Hidden, Assert.Single(got.GetProperty("not_found").EnumerateArray()).GetString());
            Assert.Equal(oracle.ProductName, JsonElement.Parse(Assert.IsType<TextResourceContents>(Assert.Single(read.Contents)).Text).GetProperty("name").GetString());
        }

        Assert.NotEqual(SampleOracle.Of(RealServer.Europe).Ids, SampleOracle.Of(RealServer.America).Ids);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Client_WaitingForAReindex_SeesItGrow(Wire wire, string revision)
    {
        await using var client = await server.ConnectAsync(RealServer.Administrators, wire, revision);
        var steps = new Steps();

        // Its own way of taking progress forgets what it has not handed on when the answer comes.
        await using var progress = client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, (notification, _) =>
        {
            steps.Report(notification.Params.Deserialize<ProgressNotificationParams>(McpJsonUtilities.DefaultOptions)!.Progress);
            return ValueTask.CompletedTask;
        });
        var answer = await client.CallToolAsync(
            "start_reindex", new Dictionary<string, object?> { ["catalog"] = "sample", ["force"] = true, ["confirm"] = true, ["wait"] = true }, new Progress<ProgressNotificationValue>());

        Assert.NotEqual(true, answer.IsError);
        Assert.Equal("succeeded", answer.StructuredContent!.Value.GetProperty("job").GetProperty("state").GetString());

        // This client hands notifications on in any order.
        await steps.Several.WaitAsync(Patience);
        Assert.Distinct(steps.Values.Select(v => v.Progress));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Client_ThatGivesUp_CancelsItsReindex(Wire wire, string revision)
    {
        await using var client = await server.ConnectAsync(RealServer.Administrators, wire, revision);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var progress = client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, (_, _) =>
        {
            begun.TrySetResult();
            return ValueTask.CompletedTask;
        });
        using var giveUp = new CancellationTokenSource();
        var call = client.SendRequestAsync(StartSlowly(), giveUp.Token);
        Assert.NotEqual(call, await Task.WhenAny(call, begun.Task.WaitAsync(Patience)));

        if (wire == Wire.Stdio || revision == "2025-11-25")
        {
            // To leave is no cancellation here, and this client sends none of itself.
            await client.SendNotificationAsync(NotificationMethods.CancelledNotification, new CancelledNotificationParams { RequestId = Id, Reason = "seen enough" });
        }

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal("cancelled", await EndOfLatestJobAsync(client));
    }

    private static JsonRpcRequest StartSlowly() => new()
    {
        Id = Id,
        Method = RequestMethods.ToolsCall,
        Params = new JsonObject
        {
            ["name"] = "start_reindex",
            ["arguments"] = new JsonObject { ["catalog"] = SlowCatalog.Name, ["wait"] = true },
            ["_meta"] = new JsonObject { ["progressToken"] = "slow" },
        },
    };

    private static async Task<string?> EndOfLatestJobAsync(McpClient client)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (true)
        {
            var jobs = await CallAsync(client, "get_reindex", new() { ["catalog"] = SlowCatalog.Name });
            var state = jobs.GetProperty("jobs")[0].GetProperty("state").GetString();
            if (state is not ("queued" or "running"))
            {
                return state;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), timeout.Token);
        }
    }

    private static async Task<JsonElement> CallAsync(McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var answer = await client.CallToolAsync(tool, arguments);
        Assert.True(answer.IsError != true, JsonSerializer.Serialize(answer.Content, McpJsonUtilities.DefaultOptions));
        return answer.StructuredContent!.Value;
    }

    private static IEnumerable<string?> Ids(JsonElement answer) => answer.GetProperty("products").EnumerateArray().Select(p => p.GetProperty("id").GetString());

    private sealed class Steps : IProgress<ProgressNotificationValue>
    {
        private readonly ConcurrentQueue<ProgressNotificationValue> _values = new();
        private readonly TaskCompletionSource _several = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyCollection<ProgressNotificationValue> Values => _values;

        /// <summary>Completes with the second report.</summary>
        public Task Several => _several.Task;

        public void Report(ProgressNotificationValue value)
        {
            _values.Enqueue(value);
            if (_values.Count > 1)
            {
                _several.TrySetResult();
            }
        }
    }
}
