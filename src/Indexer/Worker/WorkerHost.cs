using AiPlatform.Core.Access;
using AiPlatform.Indexer.Console;
using AiPlatform.Indexer.Gates;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Sources;
using AiPlatform.Search;
using AiPlatform.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Indexer.Worker;

/// <summary>
/// The worker alone, without a server: the composition of the commands <c>worker</c>, <c>jobs</c> and <c>schedules</c>. Settings come from <c>appsettings.json</c> in the
/// working folder, the environment, and arguments such as <c>--Catalogs:shop:Source=…</c>, as for the server.
/// </summary>
internal static class WorkerHost
{
    /// <param name="dataDirectory">The data folder, absolute.</param>
    /// <param name="settings">Settings as command-line configuration.</param>
    /// <param name="quiet">Whether only errors are told, to the error stream.</param>
    public static IHost Build(string dataDirectory, string[] settings, bool quiet) => Create(dataDirectory, settings, quiet).Build();

    /// <summary>The same, not built yet.</summary>
    internal static HostApplicationBuilder Create(string dataDirectory, string[] settings, bool quiet)
    {
        DataFolder.Create(dataDirectory);
        var builder = Host.CreateApplicationBuilder(settings);
        var configuration = builder.Configuration;
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true);

        // It logs a failed start with a stack trace; the command line tells it in one message. What it logs besides is in Microsoft.Hosting.Lifetime.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        if (quiet)
        {
            builder.Logging.SetMinimumLevel(LogLevel.Error);
            builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }
        else
        {
            // What the scheduler says of itself is for whoever looks for it.
            builder.Logging.AddFilter("Quartz", LogLevel.Warning);
        }

        if (configuration["Storage:Path"] is null)
        {
            configuration.AddInMemoryCollection([KeyValuePair.Create("Storage:Path", (string?)Path.Combine(dataDirectory, StandaloneSession.StateFile))]);
        }

        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new AccessScope.Issuer(() => AccessPolicy.Empty, provider.GetRequiredService<IAccessAudit>()));
        services.AddAiPlatformStorage(configuration);
        services.AddEmbedders(configuration);
        services.AddCatalogEngine(configuration, Path.Combine(dataDirectory, StandaloneSession.CatalogsFolder));
        services.AddSources(configuration);
        services.AddProbePolicy(configuration);
        services.AddReindexGates();
        services.AddSingleton<ReindexJob>();
        services.AddReindexJobs(configuration, dataDirectory);
        services.AddReindexWorker(configuration);
        return builder;
    }
}
