using AiPlatform.Core.Access;
using AiPlatform.McpServer.Hosting;
using AiPlatform.McpServer.Mcp.Tools;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>Every tool that the executable registers, from its own composition, in the order clients list them.</summary>
public sealed class PlatformTools : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aiplatform-tools-").FullName;
    private WebApplication? _app;

    internal IReadOnlyList<IMcpTool> Tools { get; private set; } = [];

    public Task InitializeAsync()
    {
        _app = ServerHost.Build([$"--{ServerPaths.DataVariable}={_folder}", "--Logging:LogLevel:Default=Warning"], builder =>
        {
            PlatformServices.Add(builder);
            builder.Services.AddSingleton<IAccessPolicySource>(new FixedPolicy());
        });
        Tools = [.. _app.Services.GetServices<IMcpTool>()];
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
