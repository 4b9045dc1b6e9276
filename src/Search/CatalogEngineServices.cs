using AiPlatform.Search.Embedded;
using AiPlatform.Search.OpenSearch;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiPlatform.Search;

/// <summary>Registers the engine that the settings name.</summary>
public static class CatalogEngineServices
{
    /// <summary>
    /// Adds the OpenSearch engine where the section <c>OpenSearch</c> lists <see cref="OpenSearchOptions.Nodes"/>, and else the in-process engine. Needs a <see cref="TimeProvider"/> and logging.
    /// </summary>
    /// <param name="services">Where to add.</param>
    /// <param name="configuration">The application's configuration, not a section.</param>
    /// <param name="folder">The folder of the in-process engine.</param>
    /// <exception cref="OptionsValidationException">The settings are wrong.</exception>
    public static IServiceCollection AddCatalogEngine(this IServiceCollection services, IConfiguration configuration, string folder)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        SettingNames.Demand<OpenSearchOptions>(configuration, OpenSearchOptions.Section);
        return configuration.GetSection(OpenSearchOptions.Section).Get<OpenSearchOptions>() is { Nodes.Count: > 0 } cluster
            ? services.AddOpenSearch(cluster)
            : services.AddEmbeddedSearch(new EmbeddedCatalogOptions { Directory = folder });
    }
}
