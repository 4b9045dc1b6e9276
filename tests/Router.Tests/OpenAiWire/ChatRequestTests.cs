using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.Router.Calls;
using AiPlatform.Router.OpenAiWire;
using Microsoft.Extensions.AI;
using Xunit;

namespace AiPlatform.Router.Tests.OpenAiWire;

public sealed class ChatRequestTests
{
    private const string Whole = """
        {"model":"m","messages":[
          {"role":"system","content":"Be short."},
          {"role":"user","name":"ada","content":[{"type":"text","text":"What is „this“?"},{"type":"image_url","image_url":{"url":"https://example.org/a.png","detail":"low"}},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}},{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav"}}]},
          {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"find","arguments":"{\"q\": 1.50,  \"a\":[]}"}},{"id":"c2","type":"function","function":{"name":"find","arguments":"{broken"}}]},
          {"role":"tool","tool_call_id":"c1","content":"3 drills"},
          {"role":"assistant","content":"Three."},{"role":"user","content":"Thanks"}],
         "max_tokens":50,"temperature":0.25,"top_p":0.5,"frequency_penalty":-1.5,"presence_penalty":1,"seed":7,"stop":["END","."],
         "tools":[{"type":"function","function":{"name":"find","description":"Finds","parameters":{"type":"object","properties":{"q":{"type":"number"}}},"strict":true}}],
         "parallel_tool_calls":false,"tool_choice":{"type":"function","function":{"name":"find"}},
         "response_format":{"type":"json_schema","json_schema":{"name":"answer","description":"d","schema":{"type":"object"},"strict":true}},
         "logprobs":true,"top_logprobs":2,"logit_bias":{"50256":-100},"user":"u-1","metadata":{"a":"b"},"reasoning_effort":"low"}
        """;

    [Fact]
    public void Request_ComesOutAsItWentIn() => Assert.Equal(Sorted(JsonNode.Parse(Whole)!).ToJsonString(), Sorted(Again(Whole)).ToJsonString());

    [Theory]
    [InlineData("\"none\"")]
    [InlineData("\"auto\"")]
    [InlineData("\"required\"")]
    public void ToolChoice_ComesOutAsItWentIn(string choice)
    {
        var request = $$$"""{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{{{choice}}}}""";

        Assert.Equal(choice, Again(request)["tool_choice"]!.ToJsonString());
    }

    [Fact]
    public void Member_OfNull_IsAsNone() =>
        Assert.Equal("""{"model":"m","messages":[{"role":"user","content":"x"}]}""", Again("""{"model":"m","messages":[{"role":"user","content":"x"}],"temperature":null,"tools":null,"stop":null,"user":null}""").ToJsonString());

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"x"}]}""", "model")]
    [InlineData("""{"model":"m"}""", "messages")]
    [InlineData("""{"model":"m","messages":[]}""", "messages")]
    [InlineData("""{"model":"m","messages":"x"}""", "messages")]
    [InlineData("""{"model":1,"messages":[]}""", "model")]
    [InlineData("""{"model":"m","messages":[{"content":"x"}]}""", "messages[0].role")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"},{"role":"alien","content":"x"}]}""", "messages[1].role")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}]}""", "messages[0].content")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"video"}]}]}""", "messages[0].content[0].type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}]}]}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:nonsense"}}]}]}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"model":"m","messages":[{"role":"tool","content":"x"}]}""", "messages[0].tool_call_id")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function"}]}]}""", "messages[0].tool_calls[0].function")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"temperature":3}""", "temperature")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"temperature":"hot"}""", "temperature")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":0}""", "max_tokens")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"n":2}""", "n")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"stop":["1","2","3","4","5"]}""", "stop")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"web"}]}""", "tools[0].type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"tool_choice":"maybe"}""", "tool_choice")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"response_format":{"type":"xml"}}""", "response_format.type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"stream_options":{"include_usage":1}}""", "stream_options.include_usage")]
    [InlineData("""{"model":"m","model":"n","messages":[{"role":"user","content":"x"}]}""", null)]
    [InlineData("""{"model":"m",""", null)]
    [InlineData("[]", null)]
    public void Request_ThatIsWrong_IsToldByItsPath(string body, string? path)
    {
        var failure = Assert.Throws<RouterException>(() => ChatRequestReader.Read(Encoding.UTF8.GetBytes(body)));

        Assert.Equal((RouterFault.InvalidRequest, path), (failure.Fault, failure.Argument));
    }

    [Fact]
    public void Request_CutAnywhere_IsWrong_AndNothingElse()
    {
        var body = Encoding.UTF8.GetBytes(Whole);
        for (var length = 0; length < body.Length - 1; length++)
        {
            Assert.Equal(RouterFault.InvalidRequest, Assert.Throws<RouterException>(() => ChatRequestReader.Read(body.AsMemory(0, length))).Fault);
        }
    }

    private static JsonNode Again(string body)
    {
        var read = ChatRequestReader.Read(Encoding.UTF8.GetBytes(body));
        var options = new ChatOptions();
        read.Apply(options);
        var output = new ArrayBufferWriter<byte>();
        new ChatRequestWriter(read.Model, "max_tokens").Write(output, read.Messages, options, stream: false);
        return JsonNode.Parse(output.WrittenSpan)!;
    }

    /// <summary>Members by name: their order says nothing.</summary>
    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => KeyValuePair.Create(m.Key, m.Value is null ? null : Sorted(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(i => i is null ? null : Sorted(i))]),
        _ => JsonNode.Parse(node.ToJsonString())!,
    };
}
