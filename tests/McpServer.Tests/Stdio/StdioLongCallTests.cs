using System.Globalization;
using System.Text.Json;
using AiPlatform.McpServer.Mcp.Stdio;
using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Tests.Stdio;

/// <summary>Calls that take their time, over standard input and output.</summary>
public sealed class StdioLongCallTests : IAsyncLifetime
{
    private readonly HangingTool _tool = new();
    private readonly TestServer _server;

    public StdioLongCallTests() => _server = new TestServer(services => services.AddSingleton<IMcpTool>(_tool));

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(TestServer.Modern)]
    [InlineData(TestServer.Legacy)]
    public async Task Progress_AskedFor_ComesBeforeTheAnswer(string version)
    {
        await using var wire = new StdioWire(_server, _server.Europe);
        await using var client = await McpClient.CreateAsync(
            new StreamClientTransport(wire.ToServer, wire.FromServer),
            new McpClientOptions { ClientInfo = new Implementation { Name = "tests", Version = "1" }, ProtocolVersion = version });
        var progress = new Reported();
        var call = client.CallToolAsync("hang", progress: progress).AsTask();
        var seen = await progress.First.Task.WaitAsync(StdioWire.Patience);
        Assert.False(call.IsCompleted);
        _tool.Release.SetResult();

        Assert.Equal((1f, 2f, "half"), (seen.Progress, seen.Total, seen.Message));
        Assert.Equal("done", Assert.IsType<TextContentBlock>(Assert.Single((await call.WaitAsync(StdioWire.Patience)).Content)).Text);
    }

    [Fact]
    public async Task Cancellation_EndsTheCallWithoutAnAnswer()
    {
        await using var wire = new StdioWire(_server, _server.Europe);
        await wire.InitializeAsync();
        await wire.SendAsync(StdioWire.Call("7", "hang"));
        Assert.True(await _tool.Started.WaitAsync(StdioWire.Patience));
        await wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""");
        await _tool.Cancelled.Task.WaitAsync(StdioWire.Patience);

        await wire.SendAsync(StdioWire.Call("8", "whoami"));
        Assert.Equal(8, (await wire.ReadAsync()).GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task InputEnd_DuringACallThatHangs_EndsSoonAndCancelsIt()
    {
        await using var wire = new StdioWire(_server, _server.Europe);
        await wire.InitializeAsync();
        await wire.SendAsync(StdioWire.Call("1", "hang"));
        Assert.True(await _tool.Started.WaitAsync(StdioWire.Patience));

        Assert.Equal(StdioEnd.InputClosed, await wire.CloseAsync());
        await _tool.Cancelled.Task.WaitAsync(StdioWire.Patience);
    }

    [Fact]
    public async Task Request_WithAnIdThatIsUnderWay_IsRefused()
    {
        await using var wire = new StdioWire(_server, _server.Europe);
        await wire.InitializeAsync();
        await wire.SendAsync(StdioWire.Call("1", "hang"));
        await wire.SendAsync(StdioWire.Call("1", "whoami"));

        Assert.Equal("id_under_way", CodeOf(await wire.ReadAsync()));
    }

    [Fact]
    public async Task Requests_BeyondTheBound_AreRefusedUntilACancelledOneHasEnded()
    {
        _tool.IsStubborn = true;
        await using var wire = new StdioWire(_server, _server.Europe);
        await wire.InitializeAsync();
        for (var id = 0; id < StdioConnection.MaxUnderWay; id++)
        {
            await wire.SendAsync(StdioWire.Call(id.ToString(CultureInfo.InvariantCulture), "hang"));
        }

        await wire.SendAsync(StdioWire.Call("\"extra\"", "whoami"));
        Assert.Equal("too_many_under_way", CodeOf(await wire.ReadAsync()));

        await wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}""");
        await _tool.Cancelled.Task.WaitAsync(StdioWire.Patience);
        await wire.SendAsync(StdioWire.Call("\"still\"", "whoami"));
        Assert.Equal("too_many_under_way", CodeOf(await wire.ReadAsync()));

        _tool.Release.SetResult();
        var answers = new HashSet<string>();
        for (var id = 1; id < StdioConnection.MaxUnderWay; id++)
        {
            answers.Add((await wire.ReadAsync()).GetProperty("id").GetRawText());
        }

        Assert.DoesNotContain("3", answers);
        await wire.SendAsync(StdioWire.Call("\"again\"", "whoami"));
        var answer = await wire.ReadAsync();
        Assert.Equal("again", answer.GetProperty("id").GetString());
        Assert.True(answer.TryGetProperty("result", out _), answer.GetRawText());
    }

    [Fact]
    public async Task Cancelled_OnceTheWorkHasEnded_FreesItsIdAndItsPlace()
    {
        await using var wire = new StdioWire(_server, _server.Europe);
        await wire.InitializeAsync();
        await wire.SendAsync(StdioWire.Call("1", "hang"));
        Assert.True(await _tool.Started.WaitAsync(StdioWire.Patience));
        await wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");
        await _tool.Cancelled.Task.WaitAsync(StdioWire.Patience);

        JsonElement answer;
        do
        {
            // The call has heeded its cancellation; that it is counted out follows.
            await wire.SendAsync(StdioWire.Call("1", "whoami"));
            answer = await wire.ReadAsync();
        }
        while (answer.TryGetProperty("error", out _) && CodeOf(answer) == "id_under_way");

        Assert.True(answer.TryGetProperty("result", out _), answer.GetRawText());
    }

    private static string? CodeOf(JsonElement message) => message.GetProperty("error").GetProperty("data").GetProperty("code").GetString();

    private sealed class Reported : IProgress<ModelContextProtocol.ProgressNotificationValue>
    {
        public TaskCompletionSource<ModelContextProtocol.ProgressNotificationValue> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Report(ModelContextProtocol.ProgressNotificationValue value) => First.TrySetResult(value);
    }
}
