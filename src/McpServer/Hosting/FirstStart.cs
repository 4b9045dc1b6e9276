using AiPlatform.McpServer.Connect;
using AiPlatform.McpServer.Operations;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AiPlatform.McpServer.Hosting;

/// <summary>In development: indexes the sample before the first request and, once the address is known, makes and prints the demo's keys.</summary>
internal sealed class FirstStart(
    SampleCatalog sample, DemoKeys keys, ReadyState ready, IServer server, IHostEnvironment environment) : IHostedLifecycleService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        environment.IsDevelopment() ? sample.EnsureAsync(cancellationToken) : Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? ServerHost.DefaultUrl;
        if (environment.IsDevelopment() && await keys.CreateAsync(Connection.Over(new Uri(address)), cancellationToken) is { } text)
        {
            await System.Console.Out.WriteLineAsync(text);
        }

        ready.MarkReady();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
