using AiPlatform.Search.Embeddings;
using AiPlatform.Search.Embeddings.Remote;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>Registers the embedder that the settings name.</summary>
public static class EmbedderServices
{
    /// <summary>Adds <see cref="IEmbedderProvider"/> as the section <c>Embeddings</c> says, and what queries need to find its vectors. Needs a <see cref="TimeProvider"/> and logging.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The application's configuration, not a section.</param>
    public static IServiceCollection AddEmbedders(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddEmbeddings(configuration);
        services.AddSingleton<IEmbedderProvider>(provider => provider.GetRequiredService<IOptions<EmbeddingsOptions>>().Value.Provider switch
        {
            EmbeddingsProvider.None => new NoEmbedderProvider(),
            EmbeddingsProvider.Catalog => new CatalogEmbedderProvider(new CatalogEmbedderOptions(), provider.GetRequiredService<ILogger<CatalogEmbedderProvider>>()),
            _ => new RemoteEmbedderProvider(provider.GetRequiredService<RemoteEmbeddings>()),
        });
        return services;
    }
}
