using AiPlatform.Core.Access;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Search.Embedded;
using AiPlatform.Search.Embeddings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace AiPlatform.Indexer.Console;

/// <summary>Opens the in-process engine for the indexer's own executable. The composition root of that executable.</summary>
internal static class StandaloneSession
{
    /// <summary>Where the in-process engine keeps its catalogs inside the data folder.</summary>
    public const string CatalogsFolder = "catalogs";

    public static IndexerSession Open(string dataDirectory)
    {
        // Everything goes to the error stream: the output stream holds the result only. Refusals are told by the command itself.
        var loggers = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(LogLevel.Error)
            .AddSimpleConsole(console => console.SingleLine = true)
            .Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace));
        var embedders = new CatalogEmbedderProvider(new CatalogEmbedderOptions(), loggers.CreateLogger<CatalogEmbedderProvider>());
        var options = new EmbeddedCatalogOptions { Directory = Path.Combine(dataDirectory, CatalogsFolder) };
        var catalog = new EmbeddedCatalog(options, embedders, TimeProvider.System, loggers.CreateLogger<EmbeddedCatalog>());
        var issuer = new AccessScope.Issuer(() => AccessPolicy.Empty, new LoggingAccessAudit(loggers.CreateLogger<AccessScope>()));
        return new IndexerSession(catalog, embedders, issuer.IssueSystem("indexer", "building and swapping catalogs"), dataDirectory, loggers, catalog);
    }
}
