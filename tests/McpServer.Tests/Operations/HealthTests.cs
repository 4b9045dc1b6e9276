using System.Net;
using System.Text.Json;
using AiPlatform.McpServer.Operations;
using AiPlatform.McpServer.Tests.Fixtures;
using AiPlatform.McpServer.Tests.Mcp.Tools.Reindexing;
using AiPlatform.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Operations;

public sealed class HealthTests
{
    private readonly SteppedTime _time = new();

    [Fact]
    public async Task Health_DatabaseDownAndUpAgain_IsDegradedInBetween()
    {
        var probe = new SwitchedProbe();
        var server = new TestServer(services => services.AddSingleton<TimeProvider>(_time).AddSingleton<IStorageProbe>(probe));
        await server.InitializeAsync();
        try
        {
            Assert.Equal((HttpStatusCode.OK, "healthy"), await StatusAsync(server));
            probe.Down = true;
            Assert.Equal((HttpStatusCode.OK, "healthy"), await StatusAsync(server));
            _time.Advance(PlatformHealth.Freshness);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "degraded"), await StatusAsync(server));
            probe.Down = false;
            _time.Advance(PlatformHealth.Freshness);
            Assert.Equal((HttpStatusCode.OK, "healthy"), await StatusAsync(server));
            Assert.Single(server.Audit.Entries, e => e.StartsWith("system health", StringComparison.Ordinal));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Health_WorkerThatCannotWork_IsDegradedAndServes()
    {
        var reindex = new ReindexServer();

        // What the worker wants to open as a file.
        var obstacle = Directory.CreateDirectory(Path.Combine(reindex.Folder, "worker.lock"));
        await reindex.Server.InitializeAsync();
        try
        {
            await UntilAsync(reindex.Server, (HttpStatusCode.OK, "degraded", false, "worker_cannot_work"));
            obstacle.Delete();
            await UntilAsync(reindex.Server, (HttpStatusCode.OK, "healthy", true, null));
        }
        finally
        {
            await reindex.DisposeAsync();
        }
    }

    private static async Task UntilAsync(TestServer server, (HttpStatusCode Code, string? Status, bool Ready, string? Reason) wanted)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            using var response = await server.Http.GetAsync(new Uri("/health", UriKind.Relative), patience.Token);
            var health = JsonElement.Parse(await response.Content.ReadAsStringAsync(patience.Token));
            var worker = health.GetProperty("worker");
            if ((response.StatusCode, health.GetProperty("status").GetString(), worker.GetProperty("ready").GetBoolean(), worker.TryGetProperty("reason", out var reason) ? reason.GetString() : null) == wanted)
            {
                return;
            }

            await Task.Delay(50, patience.Token);
        }
    }

    private static async Task<(HttpStatusCode Code, string Status)> StatusAsync(TestServer server)
    {
        using var response = await server.Http.GetAsync(new Uri("/health", UriKind.Relative));
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("status").GetString()!);
    }

    private sealed class SwitchedProbe : IStorageProbe
    {
        public bool Down { get; set; }

        public Task ProbeAsync(CancellationToken cancellationToken) => Down ? throw new IOException("down") : Task.CompletedTask;
    }
}
