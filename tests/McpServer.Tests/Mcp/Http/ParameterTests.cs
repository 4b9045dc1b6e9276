using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Mcp.Http;
using AiPlatform.McpServer.Tests.Fixtures;
using AiPlatform.McpServer.Tests.Stdio;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Tests.Mcp.Http;

/// <summary>Parameters of the wrong shape are the client's fault, and the answer names the member.</summary>
public sealed class ParameterTests(TestServer server) : IClassFixture<TestServer>
{
    /// <summary>What only a server sends, or a client answers.</summary>
    private static readonly string[] OfTheServer =
    [
        RequestMethods.RootsList, RequestMethods.SamplingCreateMessage, RequestMethods.ElicitationCreate,
        NotificationMethods.ToolListChangedNotification, NotificationMethods.PromptListChangedNotification, NotificationMethods.ResourceListChangedNotification,
        NotificationMethods.ResourceUpdatedNotification, NotificationMethods.LoggingMessageNotification, NotificationMethods.ElicitationCompleteNotification,
        NotificationMethods.SubscriptionsAcknowledgedNotification,
    ];

    public static TheoryData<string, string, string> Wrong => new()
    {
        { "tools/list", """{"cursor":5}""", "params.cursor" },
        { "tools/call", """{"name":5}""", "params.name" },
        { "tools/call", "{}", "params.name" },
        { "tools/call", """{"name":"whoami","arguments":[]}""", "params.arguments" },
        { "tools/call", """{"name":"whoami","arguments":"x"}""", "params.arguments" },
        { "tools/call", """{"name":"whoami","_meta":5}""", "params._meta" },
        { "tools/call", """{"name":"whoami","_meta":{"progressToken":{}}}""", "params._meta.progressToken" },
        { "tools/call", """{"name":"whoami","_meta":{"progressToken":1.5}}""", "params._meta.progressToken" },
        { "resources/list", """{"_meta":{"progressToken":true}}""", "params._meta.progressToken" },
        { "resources/read", "{}", "params.uri" },
        { "resources/read", """{"uri":5}""", "params.uri" },
        { "resources/subscribe", """{"uri":{}}""", "params.uri" },
        { "resources/unsubscribe", """{"uri":null}""", "params.uri" },
        { "prompts/get", """{"name":"find_product","arguments":"x"}""", "params.arguments" },
        { "completion/complete", "{}", "params.ref" },
        { "completion/complete", """{"ref":5,"argument":{"name":"need","value":"l"}}""", "params.ref" },
        { "completion/complete", """{"ref":{"type":"ref/prompt","name":"find_product"},"argument":null}""", "params.argument" },
        { "completion/complete", """{"ref":{"type":"ref/prompt","name":"find_product"},"argument":{"name":"need","value":null}}""", "params.argument.value" },
        { "completion/complete", """{"ref":{"type":"ref/prompt","name":"find_product"},"argument":{"name":"need","value":"l"},"context":{"arguments":{"a":1}}}""", "params.context.arguments.a" },
        { "subscriptions/listen", "{}", "params.notifications" },
        { "subscriptions/listen", """{"notifications":{"resourceSubscriptions":[null]}}""", "params.notifications.resourceSubscriptions[0]" },
        { "subscriptions/listen", """{"notifications":{"toolsListChanged":"yes"}}""", "params.notifications.toolsListChanged" },
        { "logging/setLevel", """{"level":"zzz"}""", "params.level" },
        { "logging/setLevel", "{}", "params.level" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Parameters_OfTheWrongShape_AreInvalidAndNamed(string method, string parameters, string member)
    {
        var body = $$"""{"jsonrpc":"2.0","id":"mine","method":"{{method}}","params":{{parameters}}}""";
        using (var legacy = RawMcp.Post(server.Europe, body, await server.OpenSessionAsync(server.Europe)))
        {
            await AssertNamedAsync(legacy, member);
        }

        if (method is "tools/list" or "completion/complete" or "subscriptions/listen")
        {
            using var modern = RawMcp.Modern(server.Europe, method, JsonNode.Parse(parameters)!.AsObject(), id: "mine");
            await AssertNamedAsync(modern, member);
        }

        await using var wire = new StdioWire(server, server.Europe);
        await wire.InitializeAsync();
        await wire.SendAsync(body);
        AssertNamed(await wire.ReadAsync(), member);
    }

    [Theory]
    [InlineData("tools/list", """{"cursor":null,"_meta":null}""")]
    [InlineData("tools/call", """{"name":"whoami","arguments":null}""")]
    [InlineData("tools/call", """{"name":"whoami","unheardOf":[{"Name":1}]}""")]
    [InlineData("resources/list", "{}")]
    public async Task Parameters_ThatCanBeRead_AreServed(string method, string parameters)
    {
        var body = $$"""{"jsonrpc":"2.0","id":"mine","method":"{{method}}","params":{{parameters}}}""";
        using var request = RawMcp.Post(server.Europe, body, await server.OpenSessionAsync(server.Europe));
        using var response = await server.Http.SendAsync(request);

        Assert.True((await RawMcp.MessageAsync(response)).TryGetProperty("result", out _));
    }

    [Fact]
    public void Methods_OfClients_AreAllKnown()
    {
        var methods = new[] { typeof(RequestMethods), typeof(NotificationMethods) }
            .SelectMany(t => t.GetFields(BindingFlags.Public | BindingFlags.Static)).Select(f => (string)f.GetValue(null)!);

        Assert.Equal(methods.Except(OfTheServer).Order(StringComparer.Ordinal), MethodParameters.Types.Keys.Order(StringComparer.Ordinal));
    }

    private async Task AssertNamedAsync(HttpRequestMessage request, string member)
    {
        using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        AssertNamed(await RawMcp.MessageAsync(response), member);
    }

    private static void AssertNamed(JsonElement message, string member)
    {
        Assert.Equal("mine", message.GetProperty("id").GetString());
        Assert.Equal(-32602, message.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Contains($"'{member}'", message.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
