using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.Router.Calls;
using AiPlatform.Router.OpenAiWire;
using Microsoft.Extensions.AI;
using Xunit;

namespace AiPlatform.Router.Tests.OpenAiWire;

public sealed class CompletionTests
{
    private static readonly DateTimeOffset Made = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private const string Whole = """
        {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Three „drills“ 🛠","refusal":null,
          "tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"q\":1.0}"}}]},"logprobs":{"content":[]},"finish_reason":"tool_calls"}],
         "usage":{"prompt_tokens":11,"completion_tokens":6,"total_tokens":17,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}},
         "system_fingerprint":"fp_1","service_tier":"default"}
        """;

    [Fact]
    public void Answer_ComesOutAsItWentIn()
    {
        var output = new ArrayBufferWriter<byte>();
        CompletionWriter.Write(output, CompletionReader.Read(Encoding.UTF8.GetBytes(Whole)), "chatcmpl-1", "m", Made);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Whole), JsonNode.Parse(output.WrittenSpan)), Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Answer_CutAnywhere_IsMalformed_AndNothingElse()
    {
        var body = Encoding.UTF8.GetBytes(Whole.TrimEnd());
        for (var length = 0; length < body.Length; length++)
        {
            Assert.Equal(RouterFault.Malformed, Assert.Throws<RouterException>(() => CompletionReader.Read(body.AsMemory(0, length))).Fault);
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[{}]}""")]
    [InlineData("""{"choices":[{"message":1}]}""")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{}]}}]}""")]
    public void Answer_OfAnotherShape_IsMalformed(string body) =>
        Assert.Equal(RouterFault.Malformed, Assert.Throws<RouterException>(() => CompletionReader.Read(Encoding.UTF8.GetBytes(body))).Fault);

    [Fact]
    public void Error_WithAStatusOfSuccess_IsAnError() =>
        Assert.Equal((RouterFault.StreamError, "c"), Assert.Throws<RouterException>(() => CompletionReader.Read("""{"error":{"message":"m","code":"c"}}"""u8.ToArray())) is var e ? (e.Fault, e.ProviderCode) : default);

    [Fact]
    public void Chunks_OfToolCalls_KeepTheirFragments()
    {
        string[] events =
        [
            """{"id":"1","choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"find","arguments":""}}]},"finish_reason":null}]}""",
            """{"id":"1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"q\":"}}]},"finish_reason":null}]}""",
            """{"id":"1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}},{"index":1,"id":"c2","type":"function","function":{"name":"find","arguments":"{}"}}]},"finish_reason":null}]}""",
            """{"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
            """{"id":"1","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""",
        ];
        var (reader, output) = (new ChunkReader(), new ArrayBufferWriter<byte>());
        using var writer = new ChunkWriter(output, "chatcmpl-1", "m", Made, includeUsage: true);
        foreach (var data in events)
        {
            if (reader.Read(Encoding.UTF8.GetBytes(data)) is { } update)
            {
                writer.Write(update);
            }
        }

        Assert.Null(reader.Read("[DONE]"u8));
        Assert.True(reader.IsComplete);
        writer.Done();
        var written = Encoding.UTF8.GetString(output.WrittenSpan).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", written[^1]);
        var chunks = written[..^1].Select(w => JsonNode.Parse(w["data: ".Length..])!).ToArray();
        var calls = chunks.SelectMany(c => c["choices"]!.AsArray()).SelectMany(c => c!["delta"]!["tool_calls"]?.AsArray() ?? []).ToArray();
        Assert.Equal(("{\"q\":1}", "{}"), (ArgumentsOf(calls, 0), ArgumentsOf(calls, 1)));
        Assert.Equal(["c1", "c2"], calls.Select(c => c!["id"]?.GetValue<string>()).OfType<string>());
        Assert.Equal("assistant", chunks[0]["choices"]![0]!["delta"]!["role"]!.GetValue<string>());
        Assert.Equal("tool_calls", chunks[^2]["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.Equal(3, chunks[^1]["usage"]!["total_tokens"]!.GetValue<int>());
    }

    [Fact]
    public void Failure_EndsAStream_WithTheUsageAndWithoutDone()
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new ChunkWriter(output, "chatcmpl-1", "m", Made, includeUsage: false);
        writer.Write(new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("Thr"), new UsageContent(new UsageDetails { InputTokenCount = 11, OutputTokenCount = 1 })]));
        writer.Fail(new RouterException(RouterFault.Truncated, "It ended before its end."));

        var written = Encoding.UTF8.GetString(output.WrittenSpan).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var last = JsonNode.Parse(written[^1]["data: ".Length..])!;
        Assert.Equal("provider_truncated", last["error"]!["code"]!.GetValue<string>());
        Assert.Equal(12, last["usage"]!["total_tokens"]!.GetValue<int>());
        Assert.DoesNotContain(written, w => w.Contains("[DONE]", StringComparison.Ordinal));
    }

    private static string ArgumentsOf(JsonNode?[] calls, int index) =>
        string.Concat(calls.Where(c => c!["index"]!.GetValue<int>() == index).Select(c => c!["function"]!["arguments"]!.GetValue<string>()));
}
