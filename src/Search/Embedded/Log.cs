using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.Embedded;

/// <summary>Log messages of the embedded engine. Event ids 2000 to 2099.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "Catalog {Catalog}: generation {Generation} with {Products} products is live")]
    public static partial void GenerationOpened(ILogger logger, string catalog, long generation, int products);

    [LoggerMessage(2001, LogLevel.Error, "Catalog {Catalog}: the new generation cannot be opened, the previous one stays in service")]
    public static partial void GenerationNotOpened(ILogger logger, string catalog, Exception exception);

    [LoggerMessage(2003, LogLevel.Error, "Catalog {Catalog}: the index cannot be opened and is answered as missing ({Reason}). Verify it, then index the catalog again or roll back")]
    public static partial void CatalogNotOpened(ILogger logger, string catalog, string reason);

    [LoggerMessage(2002, LogLevel.Warning, "Catalog {Catalog}: the query was not embedded, answering by words alone")]
    public static partial void EmbeddingFailed(ILogger logger, string catalog, Exception exception);
}
