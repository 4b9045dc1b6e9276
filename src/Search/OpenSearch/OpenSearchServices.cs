using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded;
using AiPlatform.Search.OpenSearch.Documents;
using AiPlatform.Search.OpenSearch.Querying;
using AiPlatform.Search.OpenSearch.State;
using AiPlatform.Search.OpenSearch.Transport;
using AiPlatform.Search.OpenSearch.Writing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Search.OpenSearch;

/// <summary>Registers the OpenSearch engine.</summary>
public static class OpenSearchServices
{
    /// <summary>
    /// Adds the OpenSearch engine as <see cref="ICatalogIndex"/>, <see cref="ICatalogStore"/> and <see cref="IChangeJournal"/>. Nothing is connected before it is used. Query embedders are <see cref="QueryEmbedders"/> over the registered
    /// <see cref="IProductEmbedder"/>s unless another source is registered. Needs a <see cref="TimeProvider"/> and logging.
    /// </summary>
    /// <param name="services">Where to add.</param>
    /// <param name="options">The settings; all that is wrong with them is reported at once.</param>
    /// <exception cref="OptionsValidationException">The settings are wrong.</exception>
    public static IServiceCollection AddOpenSearch(this IServiceCollection services, OpenSearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        OpenSearchOptionsValidator.Demand(options);
        services.AddSingleton(options);
        services.TryAddSingleton<IQueryEmbedderSource>(p => new QueryEmbedders(p.GetServices<IProductEmbedder>()));
        services.AddSingleton(new IndexNames(options.IndexPrefix));
        services.AddSingleton(_ => IndexTemplate.Load(IndexTemplate.DefaultFolder));
        services.AddSingleton<OpenSearchConnection>();
        services.AddSingleton<ServerProbe>();
        services.AddSingleton(p => new MetaIndex(p.GetRequiredService<OpenSearchConnection>(), p.GetRequiredService<IndexNames>().Meta));
        services.AddSingleton<CatalogStates>();
        services.AddSingleton<LiveIndexes>();
        services.AddSingleton<ILiveIndexes>(p => p.GetRequiredService<LiveIndexes>());
        services.AddSingleton(ContextOf);
        services.AddSingleton(options.Ranking);
        services.AddSingleton<OpenSearchCatalogIndex>();
        services.AddSingleton<OpenSearchCatalogStore>();
        services.AddSingleton<ICatalogIndex>(p => p.GetRequiredService<OpenSearchCatalogIndex>());
        services.AddSingleton<ICatalogStore>(p => p.GetRequiredService<OpenSearchCatalogStore>());
        services.AddSingleton<IChangeJournal>(JournalOf);
        return services;
    }

    private static OpenSearchChangeJournal JournalOf(IServiceProvider provider)
    {
        var context = provider.GetRequiredService<WriteContext>();
        return new OpenSearchChangeJournal(new MetaIndex(context.Connection, context.Names.Changes), context.Outage, context.Time);
    }

    private static WriteContext ContextOf(IServiceProvider provider)
    {
        var (connection, time) = (provider.GetRequiredService<OpenSearchConnection>(), provider.GetRequiredService<TimeProvider>());
        var logger = provider.GetRequiredService<ILogger<OpenSearchCatalogStore>>();
        return new WriteContext(
            connection,
            provider.GetRequiredService<ServerProbe>(),
            provider.GetRequiredService<CatalogStates>(),
            provider.GetRequiredService<MetaIndex>(),
            provider.GetRequiredService<IndexNames>(),
            provider.GetRequiredService<IndexTemplate>(),
            new Outage(connection.Options, time, logger),
            time,
            logger);
    }
}
