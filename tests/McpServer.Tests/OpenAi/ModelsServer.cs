using AiPlatform.Core.Access;
using AiPlatform.McpServer.Tests.Fixtures;
using AiPlatform.Router.Tests.Support;

namespace AiPlatform.McpServer.Tests.OpenAi;

/// <summary>The real server with one model, <c>drill-1</c> of the provider <c>one</c>, which is a stub; one group may use it, another may not.</summary>
internal sealed class ModelsServer : IAsyncLifetime
{
    public StubProvider Provider { get; private set; } = null!;

    public TestServer Server { get; private set; } = null!;

    /// <summary>May use the model.</summary>
    public string Allowed { get; private set; } = "";

    /// <summary>May use no model.</summary>
    public string Denied => Server.Europe;

    public async Task InitializeAsync()
    {
        Provider = await StubProvider.StartAsync();
        Server = new TestServer(
            null,
            "--Router:Models:0:Name=drill-1", "--Router:Models:0:Provider=one", $"--Router:Models:0:BaseUrl={Provider.Url}", "--Router:Models:0:ApiKey=key-of-provider", "--Router:Retries=0", "--Router:MaxRequestBytes=100000");
        var policy = FixedPolicy.Create("models");
        Server.Policy.Current = policy with
        {
            Groups = policy.Groups.Add("asking", new GroupPolicy { Id = "asking", Tier = "premium", Providers = [new ProviderAccess("one", ["drill-1"], 1)] }),
        };
        Allowed = Server.Keys.Add("asking", "EU", "asking");
        await Server.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        await Provider.DisposeAsync();
    }

    /// <summary>Posts a chat; the answer is not read yet.</summary>
    public Task<HttpResponseMessage> PostAsync(string key, string body, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("Authorization", $"Bearer {key}");
        return Server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>A chat of one question.</summary>
    public static string Chat(bool stream = false, string model = "drill-1") =>
        $$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Which drills fit?"}]}""";
}
