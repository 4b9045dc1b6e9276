using System.Net;
using AiPlatform.McpServer.Operations;
using AiPlatform.McpServer.Tests.Fixtures;
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

    private static async Task<(HttpStatusCode Code, string Status)> StatusAsync(TestServer server)
    {
        using var response = await server.Http.GetAsync(new Uri("/health", UriKind.Relative));
        return (response.StatusCode, System.Text.Json.JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("status").GetString()!);
    }

    private sealed class SwitchedProbe : IStorageProbe
    {
        public bool Down { get; set; }

        public Task ProbeAsync(CancellationToken cancellationToken) => Down ? throw new IOException("down") : Task.CompletedTask;
    }
}
