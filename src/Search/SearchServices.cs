using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded;
using AiPlatform.Search.OpenSearch;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AiPlatform.Search;

/// <summary>Registers the engine that the configuration names.</summary>
public static class SearchServices
{
    /// <summary>The configuration key of the engine: <c>embedded</c> (default) or <c>opensearch</c>.</summary>
    public const string EngineKey = "Search:Engine";

    /// <summary>The engine in this process, over a folder.</summary>
    public const string Embedded = "embedded";

    /// <summary>The engine in a cluster, shared by any number of processes.</summary>
    public const string OpenSearch = "opensearch";

    /// <summary>
    /// Adds one engine as <see cref="ICatalogIndex"/> and <see cref="ICatalogStore"/>: the embedded one over <paramref name="directory"/>, or OpenSearch by the section
    /// <see cref="OpenSearchOptions.Section"/>. Needs a <see cref="TimeProvider"/> and logging.
    /// </summary>
    /// <param name="services">Where to add.</param>
    /// <param name="configuration">Names the engine.</param>
    /// <param name="directory">Folder of the embedded engine's catalogs.</param>
    /// <exception cref="OptionsValidationException">The engine is unknown or its settings are wrong; the message names all of them.</exception>
    public static IServiceCollection AddCatalogSearch(this IServiceCollection services, IConfiguration configuration, string directory)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        var engine = configuration[EngineKey] ?? Embedded;
        return engine.ToLowerInvariant() switch
        {
            Embedded => services.AddEmbeddedSearch(new EmbeddedCatalogOptions { Directory = directory }),
            OpenSearch => services.AddOpenSearch(configuration.GetSection(OpenSearchOptions.Section).Get<OpenSearchOptions>() ?? new OpenSearchOptions()),
            _ => throw new OptionsValidationException(EngineKey, typeof(string), [$"{EngineKey} is `{engine}`; use {Embedded} or {OpenSearch}."]),
        };
    }
}
