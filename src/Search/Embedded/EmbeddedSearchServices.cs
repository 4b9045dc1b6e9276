using AiPlatform.Core.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AiPlatform.Search.Embedded;

/// <summary>Registers the in-process engine.</summary>
public static class EmbeddedSearchServices
{
    /// <summary>Adds <see cref="EmbeddedCatalog"/> as <see cref="ICatalogIndex"/> and <see cref="ICatalogStore"/>, one instance. Query embedders are <see cref="QueryEmbedders"/> over the registered <see cref="IProductEmbedder"/>s unless another source is registered. Needs a <see cref="TimeProvider"/> and logging.</summary>
    public static IServiceCollection AddEmbeddedSearch(this IServiceCollection services, EmbeddedCatalogOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options);
        services.TryAddSingleton<IQueryEmbedderSource>(p => new QueryEmbedders(p.GetServices<IProductEmbedder>()));
        services.AddSingleton<EmbeddedCatalog>();
        services.AddSingleton<ICatalogIndex>(p => p.GetRequiredService<EmbeddedCatalog>());
        services.AddSingleton<ICatalogStore>(p => p.GetRequiredService<EmbeddedCatalog>());
        return services;
    }
}
