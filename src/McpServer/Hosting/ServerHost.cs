using AiPlatform.Core.Access;
using AiPlatform.McpServer.Mcp.Changes;
using AiPlatform.McpServer.Mcp.Completions;
using AiPlatform.McpServer.Auth.OAuth;
using AiPlatform.McpServer.Mcp.Http;
using AiPlatform.McpServer.Mcp.Prompts;
using AiPlatform.McpServer.Mcp.Resources;
using AiPlatform.McpServer.Mcp.Tasks;
using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.OpenAi;
using AiPlatform.McpServer.Operations;
using AiPlatform.McpServer.Rest;

namespace AiPlatform.McpServer.Hosting;

/// <summary>Builds the server: the one composition that the executable, the tests and the benchmark run.</summary>
internal static class ServerHost
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    private const int HeaderBytes = 32 * 1_024;

    /// <param name="args">Settings as command-line configuration, such as <c>--urls=http://127.0.0.1:0</c>.</param>
    /// <param name="addPlatform">Adds keys, policy, audit and catalog index.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder> addPlatform)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        ServerDefaults.Apply(builder.Configuration, builder.Environment);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestHeadersTotalSize = HeaderBytes;
        });
        if (NamesNoAddress(builder.Configuration))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new AccessScope.Issuer(
            () => services.GetRequiredService<IAccessPolicySource>().Current,
            services.GetRequiredService<IAccessAudit>()));
        builder.Services.AddProductTools();
        builder.Services.AddTasks();
        builder.Services.AddResources();
        builder.Services.AddPrompts();
        builder.Services.AddCompletions();
        builder.Services.AddChanges();
        builder.Services.AddMcpEndpoint();
        builder.Services.AddRest();
        builder.Services.AddOpenAi(builder.Configuration);
        addPlatform(builder);

        var start = new StartLogging();
        start.AddTo(builder.Logging);
        var app = builder.Build();
        start.Watch(app.Lifetime);
        app.UseMiddleware<FailureBoundary>();
        app.MapMcp();
        app.MapRest();
        app.MapOpenAi();
        app.MapResourceMetadata();
        app.MapHealth();
        app.MapHome();
        return app;
    }

    private static bool NamesNoAddress(ConfigurationManager configuration) =>
        string.IsNullOrEmpty(configuration["urls"])
        && string.IsNullOrEmpty(configuration["http_ports"])
        && string.IsNullOrEmpty(configuration["https_ports"])
        && !configuration.GetSection("Kestrel:Endpoints").Exists();
}
