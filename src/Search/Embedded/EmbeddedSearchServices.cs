using AiPlatform.Core.Catalog;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Search.Embedded;

/// <summary>Registers the in-process engine.</summary>
public static class EmbeddedSearchServices
{
    /// <summary>Adds <see cref="EmbeddedCatalog"/> as <see cref="ICatalogIndex"/> and <see cref="ICatalogStore"/>, one instance. Needs an <see cref="IQueryEmbedderSource"/>, a <see cref="TimeProvider"/> and logging.</summary>
    public static IServiceCollection AddEmbeddedSearch(this IServiceCollection services, EmbeddedCatalogOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options);
        services.AddSingleton<EmbeddedCatalog>();
        services.AddSingleton<ICatalogIndex>(p => p.GetRequiredService<EmbeddedCatalog>());
        services.AddSingleton<ICatalogStore>(p => p.GetRequiredService<EmbeddedCatalog>());
        return services;
    }
}
