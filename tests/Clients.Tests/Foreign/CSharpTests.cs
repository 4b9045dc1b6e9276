using System.Collections.Concurrent;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AiPlatform.Clients.Tests.Foreign;

/// <summary>The client of the C# SDK, over both wires and in both eras.</summary>
[Collection(RealServerCollection.Name)]
public sealed class CSharpTests(RealServer server)
{
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

            var found = await CallAsync(client, "search_products", new() { ["category"] = SampleOracle.Category, ["page_size"] = 50, ["sort"] = "price_asc" });
            var got = await CallAsync(client, "get_products", new() { ["ids"] = (string[])[oracle.Ids[0], oracle.Hidden] });
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

        var answer = await client.CallToolAsync("start_reindex", new Dictionary<string, object?> { ["catalog"] = "sample", ["force"] = true, ["wait"] = true }, steps);

        Assert.NotEqual(true, answer.IsError);
        Assert.Equal("succeeded", answer.StructuredContent!.Value.GetProperty("job").GetProperty("state").GetString());
        Assert.True(steps.Values.Length > 1);
        Assert.Equal(steps.Values.Order().Distinct(), steps.Values);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Client_ThatGivesUp_CancelsItsReindex(Wire wire, string revision)
    {
        await using var client = await server.ConnectAsync(RealServer.Administrators, wire, revision);
        using var giveUp = new CancellationTokenSource();
        var steps = new Steps(giveUp.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.CallToolAsync(
            "start_reindex", new Dictionary<string, object?> { ["catalog"] = SlowCatalog.Name, ["wait"] = true }, steps, cancellationToken: giveUp.Token).AsTask());

        Assert.Equal("cancelled", await EndOfLatestJobAsync(client));
    }

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

    private sealed class Steps(Action? first = null) : IProgress<ProgressNotificationValue>
    {
        private readonly ConcurrentQueue<float> _values = new();

        public float[] Values => [.. _values];

        public void Report(ProgressNotificationValue value)
        {
            _values.Enqueue(value.Progress);
            first?.Invoke();
        }
    }
}
