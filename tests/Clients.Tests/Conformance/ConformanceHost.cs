using AiPlatform.McpServer.Mcp;
using AiPlatform.McpServer.Mcp.Tasks;
using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Clients.Tests.Conformance;

/// <summary>The real server, with the suite's fixtures added and a key for whoever brings none.</summary>
public sealed class ConformanceHost : IAsyncLifetime
{
    private readonly TestServer _server;

    public ConformanceHost()
    {
        // The short way around the SDK knows the product's tools only. The suite waits less than a second for some notices.
        _server = new TestServer(Add, "--Mcp:DirectToolCalls=false", "--Mcp:Changes:PollMilliseconds=50");
        void Add(IServiceCollection services)
        {
            services.AddSingleton(_ => new FixtureChanges(_server!.Policy));
            services.AddSingleton<IMcpTool, MirroredTool>();
            services.AddSingleton<FixtureTools>();
            services.AddSingleton<FixtureTasks>();
            services.AddSingleton<IMcpTaskSource>(provider => provider.GetRequiredService<FixtureTasks>());
            services.AddSingleton<IMcpFeature, FixtureFeature>();
            services.AddSingleton<IStartupFilter>(new KeyAdding(_server!.Europe));
        }
    }

    public Uri Endpoint => _server.Endpoint;

    public Task InitializeAsync() => _server.InitializeAsync();

    /// <summary>The suite waits half a second for some answers: too short for code that has never run.</summary>
    public async Task WarmUpAsync()
    {
        foreach (var version in (string[])[TestServer.Legacy, TestServer.Modern])
        {
            await using var client = await _server.ConnectAsync(_server.Europe, version);
            await client.ListToolsAsync();
            foreach (var tool in (string[])["test_simple_text", "test_logging_tool", "test_tool_with_progress"])
            {
                await client.CallToolAsync(tool);
            }
        }

        await using var modern = await _server.ConnectAsync(_server.Europe, TestServer.Modern);

        // This client has nobody to ask. The server's part, which is what the suite times, is done by then.
        await Assert.ThrowsAsync<InvalidOperationException>(() => modern.CallToolAsync("test_streaming_elicitation").AsTask());
    }

    public Task DisposeAsync() => _server.DisposeAsync();
}
