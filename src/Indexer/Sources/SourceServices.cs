using AiPlatform.Indexer.Sources.Http;
using AiPlatform.Indexer.Sources.S3;
using AiPlatform.Search;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Sources;

/// <summary>Registers the sources.</summary>
public static class SourceServices
{
    /// <summary>Adds <see cref="ISourceOpener"/> over the sections <c>S3</c> and <c>Feeds</c>, both validated at start. Needs a <see cref="TimeProvider"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The application's configuration, not a section.</param>
    public static IServiceCollection AddSources(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        SettingNames.Demand<S3Options>(configuration, S3Options.Section);
        SettingNames.Demand<FeedOptions>(configuration, FeedOptions.Section);
        services.AddOptions<S3Options>().Bind(configuration.GetSection(S3Options.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<FeedOptions>().Bind(configuration.GetSection(FeedOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<S3Options>, S3OptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FeedOptions>>(new FeedOptionsValidator(configuration.GetSection(FeedOptions.Section))));
        services.TryAddSingleton<ISourceOpener, SourceOpener>();
        return services;
    }
}
