using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using AiPlatform.McpServer.Mcp.Stdio;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Stdio;

/// <summary>The stdio server over pipes, driven by bytes, for what a well-behaved client never sends.</summary>
internal sealed class StdioWire : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Pipe _input = new();
    private readonly Pipe _output = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly StreamReader _lines;

    public StdioWire(TestServer server, string key, string? groupContext = null, Stream? output = null)
    {
        _lines = new StreamReader(_output.Reader.AsStream(), Encoding.UTF8);
        End = server.Services.GetRequiredService<StdioServer>()
            .RunAsync(_input.Reader.AsStream(), output ?? _output.Writer.AsStream(), new StdioCredentials(key, groupContext), _stop.Token);
    }

    /// <summary>How the serving ended.</summary>
    public Task<StdioEnd> End { get; }

    /// <summary>For a client of the SDK's.</summary>
    public Stream ToServer => _input.Writer.AsStream();

    /// <summary>For a client of the SDK's.</summary>
    public Stream FromServer => _output.Reader.AsStream();

    public static string Call(string id, string tool, string arguments = "{}", string meta = "{}") =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}},"_meta":{{{meta}}}}}""";

    public Task SendAsync(string line) => SendAsync(Encoding.UTF8.GetBytes(line + "\n"));

    public async Task SendAsync(byte[] bytes) => await _input.Writer.WriteAsync(bytes);

    /// <summary>The next message of the server.</summary>
    public async Task<JsonElement> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return JsonElement.Parse(await _lines.ReadLineAsync(patience.Token) ?? throw new EndOfStreamException("The server closed its output."));
    }

    /// <summary>Opens a session of an older revision.</summary>
    public async Task InitializeAsync()
    {
        await SendAsync(RawMcp.Initialize);
        Assert.Equal("2025-11-25", (await ReadAsync()).GetProperty("result").GetProperty("protocolVersion").GetString());
        await SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
    }

    /// <summary>Closes the input, as a client does that is done.</summary>
    public Task<StdioEnd> CloseAsync()
    {
        _input.Writer.Complete();
        return End.WaitAsync(Patience);
    }

    public Task<StdioEnd> StopAsync()
    {
        _stop.Cancel();
        return End.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _lines.Dispose();
        _stop.Dispose();
    }
}
