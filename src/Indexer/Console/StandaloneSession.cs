using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Gates;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Sources;
using AiPlatform.Search;
using AiPlatform.Storage.Jobs;
using AiPlatform.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Console;

/// <summary>Opens the engine and the audit for the indexer's own executable. The composition root of that executable.</summary>
internal static class StandaloneSession
{
    /// <summary>Where the in-process engine keeps its catalogs inside the data folder.</summary>
    public const string CatalogsFolder = "catalogs";

    /// <summary>The file of state and audit inside the data folder, unless the section <c>Storage</c> of the environment says otherwise.</summary>
    public const string StateFile = "aiplatform.db";

    public static IndexerSession Open(string dataDirectory)
    {
        DataFolder.Create(dataDirectory);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create($"{StorageOptions.Section}:{nameof(StorageOptions.Path)}", (string?)Path.Combine(dataDirectory, StateFile))])
            .AddEnvironmentVariables()
            .Build();
        var services = new ServiceCollection();

        // Everything goes to the error stream: the output stream holds the result only. Refusals are told by the command itself.
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error).AddSimpleConsole(console => console.SingleLine = true));
        services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        services.AddAiPlatformStorage(configuration);
        services.AddSources(configuration);
        services.AddEmbedders(configuration);
        services.AddCatalogEngine(configuration, Path.Combine(dataDirectory, CatalogsFolder));
        services.AddSingleton(TimeProvider.System);
        services.AddProbePolicy(configuration);
        services.AddReindexGates();
        var provider = services.BuildServiceProvider();
        try
        {
            // No host does it here: wrong settings are told also where this command would not meet them.
            provider.GetRequiredService<IStartupValidator>().Validate();
            var issuer = new AccessScope.Issuer(() => AccessPolicy.Empty, provider.GetRequiredService<IAccessAudit>());
            var system = issuer.IssueSystem("indexer", "building and swapping catalogs");
            return new IndexerSession(
                provider.GetRequiredService<ICatalogStore>(), provider.GetRequiredService<IEmbedderProvider>(), system, dataDirectory, provider.GetRequiredService<ILoggerFactory>(), provider)
            {
                Jobs = provider.GetRequiredService<IReindexJobStore>(),
                Journal = provider.GetService<IChangeJournal>(),
                Sources = provider.GetRequiredService<ISourceOpener>(),
                Gates = provider.GetRequiredService<ReindexGates>,
                Configuration = configuration,
            };
        }
        catch
        {
            provider.Dispose();
            throw;
        }
    }
}
