using AiPlatform.Core.Catalog;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>Registers the embedding service of the settings.</summary>
public static class EmbeddingServices
{
    private const int ConnectSeconds = 5;

    /// <summary>
    /// Adds the section <c>Embeddings</c>, validated at start, and, where it names a service, <see cref="RemoteEmbeddings"/> and its <see cref="IProductEmbedder"/> for queries.
    /// Needs a <see cref="TimeProvider"/> and logging.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The application's configuration, not a section.</param>
    public static IServiceCollection AddEmbeddings(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        SettingNames.Demand<EmbeddingsOptions>(configuration, EmbeddingsOptions.Section);
        var section = configuration.GetSection(EmbeddingsOptions.Section);
        services.AddOptions<EmbeddingsOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EmbeddingsOptions>, EmbeddingsOptionsValidator>());
        if (Enum.TryParse<EmbeddingsProvider>(section[nameof(EmbeddingsOptions.Provider)], ignoreCase: true, out var provider) && new EmbeddingsOptions { Provider = provider }.IsRemote)
        {
            services.AddHttpClient(RemoteEmbeddings.HttpClientName, http => http.Timeout = Timeout.InfiniteTimeSpan)
                .ConfigurePrimaryHttpMessageHandler(Handler)
                .AddHttpMessageHandler(() => new BoundedAnswers())
                // Every request would be a line, and its failure is told by whoever repeats it.
                .RemoveAllLoggers();
            services.AddSingleton<RemoteEmbeddings>();
            services.AddSingleton<IProductEmbedder>(p => p.GetRequiredService<RemoteEmbeddings>().Queries);
        }

        return services;
    }

    private static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(ConnectSeconds),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    };
}
