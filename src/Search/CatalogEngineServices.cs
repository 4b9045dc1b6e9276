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
        var section = configuration.GetSection(OpenSearchOptions.Section);
        if (section.Get<OpenSearchOptions>() is { Nodes.Count: > 0 } cluster)
        {
            return services.AddOpenSearch(cluster);
        }

        DemandNoCluster(section);
        return services.AddEmbeddedSearch(new EmbeddedCatalogOptions { Directory = folder });
    }

    /// <summary>Whoever sets anything of a cluster means one: catalogs built beside the program instead would be found by nobody.</summary>
    private static void DemandNoCluster(IConfigurationSection section)
    {
        if (section.AsEnumerable().FirstOrDefault(s => !string.IsNullOrEmpty(s.Value)).Key is { } key)
        {
            throw new OptionsValidationException(
                OpenSearchOptions.Section, typeof(OpenSearchOptions), [$"{key} is set, but {section.Path}:Nodes names no node. Give {section.Path}:Nodes:0 (variable {section.Path}__Nodes__0) the address of one, or set nothing in {section.Path}."]);
        }
    }
}
